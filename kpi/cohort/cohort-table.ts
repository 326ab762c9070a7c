/** Cohorts as a table: a row each, its size, then a column for each age; the last row is all of them together. */
import type { Database } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { aboutTable } from '../about-table.ts';
import { addDays, dayIn, offset, periodLabel, range, today as todayIn } from '../calendar.ts';
import { refuseUncounted } from '../edition/refuse-uncounted.ts';
import { knownFilters } from '../engine.ts';
import { versionAsked } from '../freshness.ts';
import { formatValue } from '../number.ts';
import type { EngineSettings } from '../settings.ts';
import type { Cell, TableAnswer } from '../table.ts';
import type { CohortQuestion } from './cohort-question.ts';
import { type Cohort, readCohorts } from './read-cohorts.ts';

/** More cohorts than this nobody reads; a longer period is asked for by quarter. */
const mostCohorts = 36;
/** Columns of age: two years of months, six of quarters. */
const mostAges = 24;
/** Percentages of fewer customers jump by whole points. */
const smallCohort = 30;

const definition = {
  version: '1',
  text: 'A cohort is the customers whose first paid day lies in it. Shown is the share that pays the given time after its own first day: of its customers, or of the MRR it began with (expansion included). Who left and came back counts again. Ages that not every customer of a cohort has reached are blank. With a filter, a customer counts where it stood on its first paid day.',
};

type Read = { label: string; cohort: Cohort; complete: number };

export async function cohortTable(
  db: Database,
  question: CohortQuestion,
  settings: EngineSettings,
  now: Date,
): Promise<TableAnswer> {
  const kpi = settings.catalogue.kpiByName.get(question.kpi);
  if (!kpi) throw new HeraldError('ask', `There is no KPI "${question.kpi}".`);
  const { calendar } = settings;
  const { grain, period } = question;
  const months = grain === 'month' ? 1 : 3;
  // An as-of instant is the end of its day.
  const today = question.asOf
    ? addDays(dayIn(new Date(question.asOf), calendar.timeZone), -1)
    : todayIn(now, calendar);
  const spans = range(period.from, period.to, grain, calendar).map((from) => ({
    from,
    to: offset(from, grain, 1),
  }));
  if (spans.length > mostCohorts) {
    const words = question.of === 'revenue' ? 'revenue retention cohorts' : 'retention cohorts';
    throw new HeraldError('ask', `That is ${spans.length} cohorts; a table holds ${mostCohorts}.`, {
      suggestions: [`${words} by quarter last 5 years`, `${words} last 24 months`],
    });
  }
  /** Whole ages that every customer of a cohort has reached. */
  const reached = (to: string) => {
    let ages = 0;
    while (ages < mostAges && offset(to, 'month', ages * months) <= today) ages += 1;
    return ages;
  };
  const ages = Math.max(1, ...spans.map(({ to }) => reached(to)));
  return db.inTransaction(
    async (sql) => {
      const filters = await knownFilters(sql, kpi, question, settings.catalogue);
      const asOf = await versionAsked(sql, question.asOf);
      if (asOf !== null) await refuseUncounted(sql, { kpi, by: null, filters, asOf }, settings.catalogue);
      const about = await aboutTable(sql, kpi, question, settings, now);
      const cohorts = await readCohorts(sql, {
        cohorts: spans,
        filters,
        asOf,
        ages: (ages - 1) * months + 1,
      });
      const read = spans.map(
        ({ from, to }, i): Read => ({
          label: periodLabel({ from, to, unit: grain, count: 1, complete: to <= today }, calendar),
          cohort: cohorts[i]!,
          complete: reached(to),
        }),
      );
      const small = read.filter(({ cohort: { customers } }) => customers > 0 && customers < smallCohort);
      const table: TableAnswer = {
        ...about,
        kind: 'cohorts',
        title: question.of === 'customers' ? 'Customer retention by cohort' : 'Revenue retention by cohort',
        sentence: sentenceOf(read, question, months, ages),
        reading: question.reading,
        columns: [
          { label: 'Cohort', unit: 'text' },
          { label: 'Customers', unit: 'count' },
          ...Array.from({ length: ages }, (_v, age) => ({
            label: `${age * months} mo`,
            unit: 'percent' as const,
          })),
        ],
        rows: [
          ...read.map((one) => rowOf(one, question, months, ages)),
          wholeOf(read, question, months, ages),
        ],
        links: [],
        notes: ['Blank: not every customer of the cohort is that old yet. “All” takes the cohorts that are.'],
        warnings: [
          ...about.warnings,
          ...(small.length > 0
            ? [
                `Small cohorts: ${small.length} of ${read.length} have fewer than ${smallCohort} customers, so that one customer is more than 3 points.`,
              ]
            : []),
        ],
        definition,
        dataVersion: asOf ?? about.dataVersion,
      };
      return table;
    },
    { isolation: 'repeatable read' },
  );
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);

/** What is kept at an age, and of how much. */
function keptOf({ cohort }: Read, of: CohortQuestion['of'], month: number): { part: number; whole: number } {
  return of === 'customers'
    ? { part: cohort.active[month] ?? 0, whole: cohort.customers }
    : { part: cohort.kept[month] ?? 0, whole: cohort.mrr };
}

function rowOf(one: Read, { of }: CohortQuestion, months: number, ages: number): Cell[] {
  const cells = Array.from({ length: ages }, (_v, age): Cell => {
    if (age >= one.complete) return null;
    const { part, whole } = keptOf(one, of, age * months);
    return share(part, whole);
  });
  return [one.label, one.cohort.customers, ...cells];
}

/** All cohorts that have reached an age, as one: sums divided once, never the mean of shares. */
function allAt(read: readonly Read[], of: CohortQuestion['of'], age: number, months: number): number | null {
  const old = read.filter(({ complete }) => age < complete).map((one) => keptOf(one, of, age * months));
  const add = (pick: (one: { part: number; whole: number }) => number) =>
    old.reduce((sum, one) => sum + pick(one), 0);
  return share(
    add((one) => one.part),
    add((one) => one.whole),
  );
}

function wholeOf(read: readonly Read[], { of }: CohortQuestion, months: number, ages: number): Cell[] {
  const customers = read.reduce((sum, { cohort }) => sum + cohort.customers, 0);
  return ['All', customers, ...Array.from({ length: ages }, (_v, age) => allAt(read, of, age, months))];
}

function sentenceOf(
  read: readonly Read[],
  { of, period, filters }: CohortQuestion,
  months: number,
  ages: number,
): string {
  const customers = read.reduce((sum, { cohort }) => sum + cohort.customers, 0);
  const scope = filters.length === 0 ? '' : ` (${filters.flatMap(({ values }) => values).join(', ')})`;
  if (customers === 0) return `No customer${scope} paid for the first time in ${period.label}.`;
  // Ages that people ask for, of those that are there.
  const told = [3, 6, 12, 24].filter((month) => month % months === 0 && month / months < ages);
  const said = told.flatMap((month) => {
    const value = allAt(read, of, month / months, months);
    return value === null ? [] : [{ month, share: formatValue(value, 'percent') }];
  });
  const who = `${formatValue(customers, 'count')} customers${scope} began in ${period.label}`;
  const [first, ...later] = said.slice(-3);
  if (!first) return `${who}; none is old enough yet to say how many stay.`;
  const verb = of === 'customers' ? 'of customers still paid' : 'of first MRR was kept';
  const course = [
    `${first.share} ${verb} after ${first.month} months`,
    ...later.map(({ share: value, month }) => `${value} after ${month}`),
  ];
  return `${listed(course)}. ${who}; each age is of the cohorts that are that old.`;
}

const listed = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
