/** The shape of `measures:` and `kpis:` in herald.yaml. Names inside are checked by own-catalogue.ts. */
import { z } from 'zod';
import { dimensions } from '../question.ts';

const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{1,47}$/,
    'must be 2 to 48 lower case letters, digits and _, beginning with a letter',
  );
const column = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** One condition on a column: a value, any of several, none of several, bounds, or whether it is there at all. */
const condition = z.union([
  scalar,
  z.array(scalar).min(1),
  z.strictObject({
    not: z.union([scalar, z.array(scalar).min(1)]).optional(),
    above: z.number().optional(),
    atLeast: z.number().optional(),
    below: z.number().optional(),
    atMost: z.number().optional(),
    before: z.iso.date('must be a date such as 2026-01-31').optional(),
    from: z.iso.date('must be a date such as 2026-01-31').optional(),
    missing: z.boolean().optional(),
  }),
]);

/** Which facts, and where they count. */
const selection = {
  of: z.string(),
  where: z.record(z.string(), condition).default({}),
  by: z.array(z.enum(dimensions)).optional(),
};
const dated = { ...selection, date: column };
/** A column, or the time between two. */
const amount = z.union([column, z.strictObject({ from: column, to: column })]);

export const measureSchema = z
  .strictObject({
    ...selection,
    label: z.string().optional(),
    date: column.optional(),
    starts: column.optional(),
    ends: column.optional(),
    sum: amount.optional(),
  })
  .refine((one) => (one.date === undefined) !== (one.starts === undefined), {
    error:
      'needs either "date" (it counts on that day) or "starts" and "ends" (it counts from one day to the other)',
  })
  .refine((one) => (one.starts === undefined) === (one.ends === undefined), {
    error: '"starts" and "ends" belong together',
  });

export const ownKpiSchema = z
  .strictObject({
    name,
    title: z.string().min(1).max(60),
    area: z.enum(['sales', 'marketing', 'success', 'support', 'operations', 'finance']),
    text: z.string().min(1).max(600),
    unit: z
      .enum([
        'percent',
        'money',
        'money_per_day',
        'count',
        'minutes',
        'hours',
        'days',
        'months',
        'ratio',
        'score',
      ])
      .optional(),
    good: z.enum(['up', 'down', 'none']).default('none'),
    synonyms: z.array(z.string().toLowerCase().min(2)).default([]),
    owner: z.string().default('The company'),
    version: z.union([z.string(), z.number()]).transform(String).default('1'),
    reference: z.string().default('herald.yaml'),
    detail: z.string().optional(),
    sources: z.array(z.string()).optional(),
    smallSample: z.int().min(0).optional(),
    finestGrain: z.enum(['day', 'week', 'month', 'quarter', 'year']).optional(),
    /** Arithmetic over measures and KPIs … */
    formula: z.string().optional(),
    /** … or one figure over facts. */
    count: z.strictObject(dated).optional(),
    sum: z.strictObject({ ...dated, value: amount }).optional(),
    average: z.strictObject({ ...dated, value: amount }).optional(),
    percentile: z
      .strictObject({ ...dated, value: amount, p: z.number().gt(0).lt(100).default(50) })
      .optional(),
    distinct: z.strictObject({ ...dated, value: column }).optional(),
    by: z.array(z.enum(dimensions)).optional(),
  })
  .refine((kpi) => ways.filter((way) => kpi[way] !== undefined).length === 1, {
    error: `needs exactly one of formula, count, sum, average, percentile and distinct`,
  });

const ways = ['formula', 'count', 'sum', 'average', 'percentile', 'distinct'] as const;

export const ownMeasuresSchema = z.record(name, measureSchema);

export type Condition = z.infer<typeof condition>;
export type Amount = z.infer<typeof amount>;
export type OwnMeasure = z.infer<typeof measureSchema>;
export type OwnKpi = z.infer<typeof ownKpiSchema>;
export type OwnDefinitions = { kpis: readonly OwnKpi[]; measures: Readonly<Record<string, OwnMeasure>> };
