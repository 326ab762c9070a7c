/** A search's `query` to a test of records, with the platform's refusals and its day-granular dates of contacts. */
import { Temporal } from 'temporal-polyfill';
import { refuse } from './refuse.ts';

export type Test = (record: Record<string, unknown>) => boolean;
export type FilterScope = { dates: 'second' | 'day'; timeZone: string };

const operators = ['=', '!=', 'IN', 'NIN', '>', '<', '~', '!~', '^', '$'];
const dates =
  /(^|[._])(created_at|updated_at|last_close_at|first_close_at|first_admin_reply_at|last_seen_at|signed_up_at)$/;

/** https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations/searchconversations */
export function toTest(query: unknown, scope: FilterScope, depth = 0): Test {
  if (query === null || typeof query !== 'object') throw invalid('query', 'is required');
  const { operator, value, field } = query as { operator?: unknown; value?: unknown; field?: unknown };
  if (field !== undefined) return toSingleTest(String(field), operator, value, scope);
  if (operator !== 'AND' && operator !== 'OR') throw invalid('operator', 'must be AND or OR');
  if (!Array.isArray(value) || value.length === 0) throw invalid('value', 'must be a list of filters');
  if (value.length > 15) throw invalid('value', 'holds more than 15 filters');
  if (depth > 1) throw invalid('query', 'nests more than two levels deep');
  const tests = value.map((part) => toTest(part, scope, depth + 1));
  return operator === 'AND'
    ? (record) => tests.every((test) => test(record))
    : (record) => tests.some((test) => test(record));
}

function toSingleTest(field: string, operator: unknown, value: unknown, scope: FilterScope): Test {
  if (typeof operator !== 'string' || !operators.includes(operator))
    throw invalid('operator', `"${String(operator)}" is not an operator`);
  const read = (record: Record<string, unknown>) =>
    field.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | null)?.[part], record);
  if (dates.test(field)) return dateTest(read, field, operator, value, scope);
  const list = Array.isArray(value) ? value.map(String) : null;
  const wanted = String(value);
  const text = (record: Record<string, unknown>) => String(read(record) ?? '');
  switch (operator) {
    case '=':
      return (record) => text(record) === wanted;
    case '!=':
      return (record) => text(record) !== wanted;
    case 'IN':
    case 'NIN':
      if (!list) throw invalid('value', 'must be a list');
      return (record) => list.includes(text(record)) === (operator === 'IN');
    case '>':
    case '<':
      if (!/^\d+$/.test(wanted)) throw invalid('value', `operator ${operator} needs a number`);
      return (record) =>
        operator === '>' ? Number(text(record)) > Number(wanted) : Number(text(record)) < Number(wanted);
    case '~':
      return (record) => text(record).includes(wanted);
    case '!~':
      return (record) => !text(record).includes(wanted);
    case '^':
      return (record) => text(record).startsWith(wanted);
    default:
      return (record) => text(record).endsWith(wanted);
  }
}

function dateTest(
  read: (record: Record<string, unknown>) => unknown,
  field: string,
  operator: string,
  value: unknown,
  scope: FilterScope,
): Test {
  if (!['=', '>', '<'].includes(operator))
    throw invalid('operator', `${operator} is not supported on the date field ${field}`);
  if (!/^\d+$/.test(String(value))) throw invalid('value', `${field} needs a UNIX timestamp`);
  const at = Number(value);
  const between =
    (from: number, to: number): Test =>
    (record) => {
      const stamp = read(record);
      return typeof stamp === 'number' && stamp >= from && stamp < to;
    };
  // Contacts are matched by calendar day in the workspace's zone: > begins the next day, < ends before this one.
  const [start, end] = scope.dates === 'day' ? dayOf(at, scope.timeZone) : [at, at + 1];
  if (operator === '=') return between(start, end);
  return operator === '>' ? between(end, Number.POSITIVE_INFINITY) : between(Number.NEGATIVE_INFINITY, start);
}

function dayOf(seconds: number, timeZone: string): [number, number] {
  const start = Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
    .toZonedDateTimeISO(timeZone)
    .startOfDay();
  return [start.epochMilliseconds / 1000, start.add({ days: 1 }).startOfDay().epochMilliseconds / 1000];
}

function invalid(name: string, what: string) {
  return refuse(400, 'parameter_invalid', `${name} ${what}`);
}
