/** Holds the engine’s answers against the second calculation: value, comparison and every part of a breakdown. */
import type { Answer, Unit } from '../../../kpi/answer.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import { answer } from '../../../kpi/engine.ts';
import type { Dimension, Period, Question } from '../../../kpi/question.ts';
import type { DemoCompany } from '../../demo-company.ts';
import { secondFigures } from './figures.ts';
import { addDays, everything, type SecondFigure, type Span } from './raw.ts';

/** Counts are exact, money is right to the cent, everything else to nine digits. */
function agree(unit: Unit, given: number | null, expected: number | null): boolean {
  if (given === null || expected === null) return given === expected;
  if (unit === 'count') return given === expected;
  if (unit === 'money' && Math.round(given * 100) === Math.round(expected * 100)) return true;
  return Math.abs(given - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}

const partName = (value: string | null | undefined) => value ?? 'unknown';

/** Ask every KPI for every period; returns each disagreement in words. */
export async function disagreements(
  company: DemoCompany,
  periods: readonly Period[],
  options: { breakdowns: boolean },
): Promise<string[]> {
  const figures = secondFigures(company.world);
  const out: string[] = [];
  for (const kpi of builtIn.kpis) {
    const second = figures[kpi.name];
    if (!second) {
      out.push(`${kpi.name} has no second calculation`);
      continue;
    }
    const breakdowns: readonly (Dimension | null)[] =
      options.breakdowns && second.by.length > 0 ? second.by : [null];
    const asked = periods.flatMap((period, i) =>
      // Each period by another three dimensions in turn, so that all of them come up.
      breakdowns.length <= 3
        ? breakdowns.map((by) => ({ period, by }))
        : [0, 1, 2].map((n) => ({ period, by: breakdowns[(i + n) % breakdowns.length]! })),
    );
    const answers = await Promise.all(asked.map(({ period, by }) => ask(company, kpi.name, period, by)));
    for (const given of answers) out.push(...check(given, second));
  }
  return [...new Set(out)];
}

function ask(company: DemoCompany, kpi: string, period: Period, by: Dimension | null): Promise<Answer> {
  const question: Question = {
    kpi,
    period,
    comparison: {
      kind: 'custom',
      period: { ...period, from: shifted(period), to: period.from, complete: true },
    },
    by,
    top: null,
    filters: [],
    asOf: null,
    reading: kpi,
    repairs: [],
  };
  return answer(
    company.db,
    question,
    {
      calendar: { timeZone: company.timeZone, weekStart: 'monday', fiscalYearStart: 'january' },
      currency: 'USD',
      minorPerUnit: 100,
      catalogue: builtIn,
      sources: [],
    },
    company.now(),
  );
}

/** As many days before. */
const shifted = ({ from, to }: Span) =>
  addDays(from, -Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000));

function check(given: Answer, second: SecondFigure): string[] {
  const out: string[] = [];
  const { from, to } = given.period;
  const against = (what: string, value: number | null, expected: number | null) => {
    if (!agree(given.unit, value, expected))
      out.push(`${given.kpi} ${what}: Herald says ${value}, the records say ${expected}`);
  };
  against(`${from}–${to}`, given.value, second.value(given.period, everything));
  const before = given.comparison!.period;
  against(`${before.from}–${before.to}`, given.comparison!.value, second.value(before, everything));
  const by = given.question.by;
  if (by === null) return out;
  const names = new Set(second.records.map((record) => partName(record.dims[by])));
  const expected = new Map(
    [...names].map((name) => [
      name,
      second.value(given.period, (records) => records.filter((record) => partName(record.dims[by]) === name)),
    ]),
  );
  const shown = given.parts.filter((part) => part.name !== 'other');
  for (const part of shown)
    against(`${from}–${to} by ${by}, ${part.name}`, part.value, expected.get(part.name) ?? null);
  const folded = given.parts.length > shown.length;
  for (const [name, value] of expected) {
    if (value !== null && value !== 0 && !folded && !shown.some((part) => part.name === name))
      out.push(`${given.kpi} ${from}–${to} by ${by}: ${name} (${value}) is missing`);
  }
  return out;
}
