/** Run a parsed query over the rows: a slice of a sorted index, a filter, an order, a limit. */
import { type Comparable, comparable, comparableLiteral, fieldValue, follow } from './read-path.ts';
import type { Row, Rows } from './rows.ts';
import { type ObjectName, objectNamed, type Path, resolvePath } from './schema.ts';
import type { Condition, Operator, Soql } from './soql.ts';

export type QueryScope = { includeDeleted: boolean; now: number; visibilityLagMs: number };
export type QueryResult = { object: ObjectName; paths: Path[]; rows: Row[] };

type Range = { from: number; to: number };
const everything: Range = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

export function runQuery(soql: Soql, rows: Rows, scope: QueryScope): QueryResult {
  const object = objectNamed(soql.object);
  const paths = soql.paths.map((path) => resolvePath(object, path));
  const order = soql.orderBy.map(({ path, descending }) => ({ path: resolvePath(object, path), descending }));
  const matches = soql.where ? compile(soql.where, object, rows) : () => true;
  const isVisible = visibility(soql, scope);

  const range = soql.where ? stampRange(soql.where) : everything;
  const isById = order[0]?.path.field === 'Id' && order[0].path.steps.length === 0;
  const candidates =
    isById && range === everything ? rows.byId(object) : between(rows.byStamp(object), range);
  let found = candidates.filter(
    (row) => (scope.includeDeleted || !row.isDeleted) && isVisible(row) && matches(row),
  );
  if (order.length > 0 && !isIndexOrder(order, candidates === rows.byId(object)))
    found = sortBy(found, order, rows);
  if (soql.limit !== null) found = found.slice(0, soql.limit);
  return { object, paths, rows: found };
}

/**
 * Rows are stamped before they can be read (1–3 s were measured in real orgs). A query by the stamp therefore misses
 * the newest changes; a list by id only misses rows that were just made, for the old copy of a changed row stays readable.
 */
function visibility(soql: Soql, { now, visibilityLagMs }: QueryScope): (row: Row) => boolean {
  const asksForStamp = /SystemModstamp/i.test(JSON.stringify([soql.where, soql.orderBy]));
  return (row) => (asksForStamp ? row.changedAt : row.createdAt) + visibilityLagMs <= now;
}

type Order = { path: Path; descending: boolean }[];

function isIndexOrder(order: Order, isById: boolean): boolean {
  const names = order.map(({ path, descending }) => `${path.steps.length}${path.field}${descending}`);
  const index = isById ? ['0Idfalse'] : ['0SystemModstampfalse', '0Idfalse'];
  return names.every((name, position) => name === index[position]);
}

function sortBy(found: Row[], order: Order, rows: Rows): Row[] {
  const keys = new Map(found.map((row) => [row, order.map(({ path }) => read(row, path, rows))]));
  return [...found].sort((a, b) => {
    for (const [index, { descending }] of order.entries()) {
      const difference = compare(keys.get(a)![index]!, keys.get(b)![index]!);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
}

function read(row: Row, path: Path, rows: Rows): Comparable {
  const holder = follow(row, path, rows);
  if (!holder) return null;
  return path.field === 'SystemModstamp'
    ? holder.stamp
    : comparable(path.type, fieldValue(holder, path.field));
}

/** Nulls first, as in Salesforce. */
function compare(a: Comparable, b: Comparable): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

function compile(condition: Condition, object: ObjectName, rows: Rows): (row: Row) => boolean {
  switch (condition.kind) {
    case 'compare': {
      const path = resolvePath(object, condition.path);
      const wanted = comparableLiteral(object, path, condition.literal);
      const holds = operators[condition.operator];
      return (row) => holds(read(row, path, rows), wanted);
    }
    case 'in': {
      const path = resolvePath(object, condition.path);
      const wanted = new Set(condition.literals.map((literal) => comparableLiteral(object, path, literal)));
      return (row) => wanted.has(read(row, path, rows)) !== condition.negated;
    }
    case 'not': {
      const part = compile(condition.part, object, rows);
      return (row) => !part(row);
    }
    case 'and': {
      const parts = condition.parts.map((part) => compile(part, object, rows));
      return (row) => parts.every((part) => part(row));
    }
    case 'or': {
      const parts = condition.parts.map((part) => compile(part, object, rows));
      return (row) => parts.some((part) => part(row));
    }
  }
}

const ordered = (holds: (difference: number) => boolean) => (value: Comparable, wanted: Comparable) =>
  value !== null && wanted !== null && holds(compare(value, wanted));

const operators: Record<Operator, (value: Comparable, wanted: Comparable) => boolean> = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '<': ordered((difference) => difference < 0),
  '<=': ordered((difference) => difference <= 0),
  '>': ordered((difference) => difference > 0),
  '>=': ordered((difference) => difference >= 0),
};

/** The stamps that can satisfy a condition: lets a query for the last minute look at the last minute only. */
function stampRange(condition: Condition): Range {
  if (condition.kind === 'and') {
    return condition.parts
      .map(stampRange)
      .reduce((a, b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }));
  }
  if (condition.kind === 'or') {
    return condition.parts
      .map(stampRange)
      .reduce((a, b) => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }));
  }
  if (condition.kind !== 'compare' || condition.path.toLowerCase() !== 'systemmodstamp') return everything;
  if (condition.literal.type !== 'dateTime' || condition.operator === '!=') return everything;
  const at = Date.parse(condition.literal.value);
  return {
    from: condition.operator.startsWith('<') ? everything.from : at,
    to: condition.operator.startsWith('>') ? everything.to : at,
  };
}

function between(byStamp: Row[], range: Range): Row[] {
  if (range === everything) return byStamp;
  return byStamp.slice(
    firstAt(byStamp, (stamp) => stamp >= range.from),
    firstAt(byStamp, (stamp) => stamp > range.to),
  );
}

/** Index of the first row whose stamp passes `isPast`, by halving. */
function firstAt(byStamp: Row[], isPast: (stamp: number) => boolean): number {
  let low = 0;
  let high = byStamp.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isPast(byStamp[middle]!.stamp)) high = middle;
    else low = middle + 1;
  }
  return low;
}
