/** Answers that are tables: recognised before the ordinary question, read under the asker's rights. */
import type { Database } from '../../db/client.ts';
import { cohortTable } from '../../kpi/cohort/cohort-table.ts';
import { recordsTable } from '../../kpi/drill/records-table.ts';
import { funnelTable } from '../../kpi/funnel/funnel-table.ts';
import type { Origin } from '../../kpi/read/lineage.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import type { TableAnswer } from '../../kpi/table.ts';
import { customersTable } from '../../kpi/why/customers-table.ts';
import { explainMove } from '../../kpi/why/explain.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Rights } from '../access/roles.ts';
import { type Answerer, requireArea } from './answer-text.ts';
import { askedTable, type TableRequest } from './asked-table.ts';
import type { Action } from './command.ts';

/** Rows of a table of records or customers: in a message, and in a file. */
export const mostRecords = { shown: 20, exported: 10_000 } as const;

export type TableReader = {
  /** Null when the text asks for something else; throws `ask` with suggestions. */
  parse(text: string): TableRequest | null;
  /** Throws `access` when the asker's rights do not reach. `most`: rows of a records table. */
  read(request: TableRequest, rights: Rights, most: number): Promise<TableAnswer>;
};

export type TableReaderInput = {
  db: Database;
  engine: EngineSettings;
  answerer: Answerer;
  now: () => Date;
  /** Where a record is seen in its own system; null where it has no page. */
  linkOf: (origin: Origin) => string | null;
};

export function createTableReader({ db, engine, answerer, now, linkOf }: TableReaderInput): TableReader {
  return {
    parse: (text) => askedTable(text, answerer),
    async read(request, rights, most) {
      requireArea(answerer.catalogue, request.kpi, rights);
      switch (request.kind) {
        case 'cohorts':
          return cohortTable(db, request, engine, now());
        case 'funnel':
          return funnelTable(db, request, engine, now());
        case 'records': {
          const figure = await answerer.answer(request.question, rights);
          return recordsTable({ db, figure, settings: engine, now: now(), most, linkOf });
        }
        case 'customers': {
          const answer = await answerer.answer(request.question, rights);
          const found = await explainMove(db, answer, engine, now());
          return customersTable({ db, answer, found, settings: engine, now: now(), most, linkOf });
        }
        default:
          return request satisfies never;
      }
    },
  };
}

/** The table's siblings over the same period; each is a question that reads so when it is typed. */
export function nextTables(request: TableRequest, { parse }: Pick<TableReader, 'parse'>): Action[] {
  if (request.kind !== 'cohorts' || request.filters.length > 0 || request.asOf !== null) return [];
  const [of, other] = request.of === 'customers' ? ['', 'revenue '] : ['revenue ', ''];
  const [grain, otherGrain] = request.grain === 'month' ? ['month', 'quarter'] : ['quarter', 'month'];
  const { period } = request;
  const siblings = [
    {
      label: other ? 'Revenue' : 'Customers',
      value: `${other}retention cohorts by ${grain} ${period.label}`,
    },
    { label: `By ${otherGrain}`, value: `${of}retention cohorts by ${otherGrain} ${period.label}` },
  ];
  return siblings.filter(({ value }) => reads(value)).map((sibling): Action => ({ verb: 'ask', ...sibling }));

  function reads(text: string): boolean {
    try {
      const read = parse(text);
      return read?.kind === 'cohorts' && read.period.from === period.from && read.period.to === period.to;
    } catch (thrown) {
      if (thrown instanceof HeraldError && thrown.kind === 'ask') return false;
      throw thrown;
    }
  }
}
