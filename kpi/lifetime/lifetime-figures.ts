/**
 * Predicted lifetime value as a KPI's figures. Where there are contracts their ends are seen, and survival tells how
 * long customers stay; where there are none, BG/NBD infers from their purchases whether they are still customers.
 * The data decide which; the answer says so.
 */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { addDays, offset } from '../calendar.ts';
import type { Formula } from '../definition.ts';
import { formatValue } from '../number.ts';
import type { Figure, Figures, Slice, Span } from '../read/slice.ts';
import { fitBgNbd } from './bg-nbd.ts';
import { forecastValue } from './forecast-value.ts';
import { fitGammaGamma } from './gamma-gamma.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import { type PurchaseSummary, summarisePurchases } from './purchase-summary.ts';
import { readPurchases } from './read-purchases.ts';
import { MONTH_DAYS, readSpells, spellsBy } from './read-spells.ts';
import { subscriptionValue } from './subscription-value.ts';

export type LifetimeInput = {
  formula: Extract<Formula, { kind: 'lifetime' }>;
  periods: readonly Span[];
  slice: Slice;
  minorPerUnit: number;
  currency: string;
  today: string;
  readOther: (kpi: string, periods: readonly Span[], slice: Slice) => Promise<Figures>;
};

/** How far ahead a customer is valued: far enough for renewals to show, near enough to have been watched. */
export const HORIZON_MONTHS = 24;
/** Money a year later is worth a tenth less: a usual cost of capital for software companies. */
const YEARLY_DISCOUNT = 0.1;
const discount = (1 + YEARLY_DISCOUNT) ** (1 / 12) - 1;
/** Fewer customers than this tell nothing of the next. */
const FEWEST = 30;

/** Figures by period and part; null with the reason where there are too few customers or no margin. */
export async function readLifetime(sql: Queryable, input: LifetimeInput): Promise<Figures> {
  const { formula, periods, slice } = input;
  const windows = periods.map(({ to }) => ({ from: offset(to, 'month', -12), to }));
  const margins = await input.readOther(formula.margin, windows, { ...slice, by: null, filters: [] });
  const marginOf = (i: number) => margins[i]!.get('')?.value ?? null;
  const [contracts] = await sql<{ any: boolean }[]>`
    select exists (select from ledger where tenant = 1) as any`;
  if (formula.of === 'customers' && contracts?.any) return bySurvival(sql, input, marginOf);
  if (slice.asOf !== null)
    throw new HeraldError(
      'ask',
      'Purchases are read as they are recorded now; Herald cannot forecast them as of a past date. Ask without "as of".',
    );
  return byPurchases(sql, input, marginOf);
}

type MarginOf = (period: number) => number | null;

async function bySurvival(sql: Queryable, input: LifetimeInput, marginOf: MarginOf): Promise<Figures> {
  const { formula, periods, slice, today, currency } = input;
  const [pays, spells] = await Promise.all([
    input.readOther(formula.pays, periods, slice),
    readSpells(sql, slice),
  ]);
  const parts = new Set(slice.by ? spells.map(({ part }) => part) : ['']);
  return periods.map((period, i) => {
    const figures = new Map<string, Figure>();
    for (const part of period.from > today ? [] : parts) {
      const survival = kaplanMeier(
        spellsBy(
          spells.filter((spell) => spell.part === part),
          period,
        ),
      );
      const n = survival.spells;
      if (n === 0) continue;
      const margin = marginOf(i);
      const paid = pays[i]!.get(part)?.value ?? null;
      const watched = Math.floor(survival.watchedTo);
      const lack =
        n < FEWEST
          ? tooFew(n)
          : (missing(margin) ??
            (paid === null ? 'Not enough data: no customer pays at the period’s end.' : null));
      const worth =
        lack || margin === null || paid === null
          ? null
          : subscriptionValue(survival, {
              marginPerMonth: (paid * margin) / 100,
              discount,
              horizonMonths: HORIZON_MONTHS,
            });
      const inputs = inputsOf({ n, margin, paid, error: worth?.standardError ?? null });
      if (!worth || worth.months < HORIZON_MONTHS) {
        const note =
          lack ??
          `Not enough data: customers have been watched for ${watched} of the ${HORIZON_MONTHS} months that are forecast.`;
        figures.set(part, { value: null, n, notes: [note], inputs });
        continue;
      }
      const error = formatValue(1.96 * worth.standardError, 'money', { currency });
      figures.set(part, {
        value: worth.value,
        n,
        notes: [
          `Model: Kaplan–Meier survival of ${n} subscribers × margin, over the first ${HORIZON_MONTHS} months of a new customer; ± ${error} (95 %).`,
        ],
        inputs,
      });
    }
    return figures;
  });
}

async function byPurchases(sql: Queryable, input: LifetimeInput, marginOf: MarginOf): Promise<Figures> {
  const { periods, slice, minorPerUnit, today } = input;
  const purchases = (await readPurchases(sql, slice)).map((purchase) => ({
    ...purchase,
    amount: purchase.amount / minorPerUnit,
  }));
  const partOf = new Map(purchases.map(({ customer, part }) => [customer, part]));
  const fitted = new Map<string, Fitted>();
  const fitBy = ({ to }: Span): Fitted => {
    const known =
      fitted.get(to) ?? fitModels(summarisePurchases(purchases, { until: addDays(to, -1), unitDays: 7 }));
    fitted.set(to, known);
    return known;
  };
  return periods.map((period, i) => {
    if (period.from > today) return new Map();
    const { customers, models, lack } = fitBy(period);
    const margin = marginOf(i);
    const byPart = Map.groupBy(customers, ({ customer }) => partOf.get(customer) ?? '');
    return new Map(
      [...byPart].map(([part, some]): [string, Figure] => {
        const n = some.length;
        const inputs = inputsOf({ n, margin, paid: null, error: null });
        const reason = lack ?? (n < FEWEST ? tooFew(n) : missing(margin));
        if (reason || !models || margin === null)
          return [part, { value: null, n, notes: reason ? [reason] : [], inputs }];
        const terms = {
          periods: HORIZON_MONTHS,
          periodLength: MONTH_DAYS / 7,
          margin: margin / 100,
          discount,
        };
        const worth = some.map((customer) => forecastValue(models, customer, terms));
        const value = worth.some((one) => one === null)
          ? null
          : worth.reduce<number>((total, one) => total + (one ?? 0), 0) / n;
        const notes =
          value === null
            ? ['Not enough data: what some customers spend cannot be told from their purchases.']
            : [
                `Model: BG/NBD and gamma-gamma of ${n} customers’ purchases without a contract, over the next ${HORIZON_MONTHS} months of a customer of today.`,
              ];
        return [part, { value, n, notes, inputs }];
      }),
    );
  });
}

type Fitted = {
  customers: readonly PurchaseSummary[];
  models: Parameters<typeof forecastValue>[0] | null;
  lack: string | null;
};

/** One model over all customers, whatever part is asked for: parts differ in what their customers did. */
function fitModels(customers: readonly PurchaseSummary[]): Fitted {
  if (customers.length < FEWEST) return { customers, models: null, lack: tooFew(customers.length) };
  try {
    const models = { buying: fitBgNbd(customers).model, spending: fitGammaGamma(customers).model };
    return { customers, models, lack: null };
  } catch (error) {
    // Too few repeats, or all alike: the models say so, in words for the asker.
    if (error instanceof HeraldError && error.kind === 'ask')
      return { customers, models: null, lack: `Not enough data: ${error.message}` };
    throw error;
  }
}

const tooFew = (n: number) => `Not enough data: ${n} of ${FEWEST} customers.`;
const missing = (margin: number | null) =>
  margin === null ? 'Not enough data: the gross margin of the twelve months before is not known.' : null;

type Inputs = { n: number; margin: number | null; paid: number | null; error: number | null };

const inputsOf = ({ n, margin, paid, error }: Inputs) =>
  new Map([
    ['customers', n],
    ['horizon', HORIZON_MONTHS],
    ['pays', paid],
    ['margin', margin],
    ['standard_error', error],
  ]);

/** Inputs shown as an answer's components. */
export const lifetimeComponents = [
  { name: 'customers', label: 'customers behind the model', unit: 'count' },
  { name: 'horizon', label: 'months ahead', unit: 'months' },
  { name: 'pays', label: 'what a customer pays a month', unit: 'money' },
  { name: 'margin', label: 'gross margin', unit: 'percent' },
  { name: 'standard_error', label: 'standard error', unit: 'money' },
] as const;
