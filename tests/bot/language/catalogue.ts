import type { KpiDefinition } from '../../../kpi/definition.ts';
import type { Dimension, Grain } from '../../../kpi/question.ts';

type Short = Pick<KpiDefinition, 'name' | 'title' | 'area' | 'unit' | 'good' | 'formula'> & {
  synonyms?: readonly string[];
  finestGrain?: Grain;
  dimensions: readonly Dimension[];
};

const arithmetic = { kind: 'arithmetic', text: 'x' } as const;
const sales: readonly Dimension[] = ['region', 'segment', 'owner', 'source', 'product'];
const success: readonly Dimension[] = ['region', 'segment', 'plan'];
const support: readonly Dimension[] = ['region', 'segment', 'priority', 'channel', 'product', 'owner'];

function kpi(short: Short): KpiDefinition {
  return {
    synonyms: [],
    finestGrain: 'day',
    text: '',
    owner: 'RevOps',
    version: '1',
    reference: '',
    sources: [],
    ...short,
  };
}

/** Fourteen KPIs with the shapes that the grammar has to tell apart. */
export const catalogue: readonly KpiDefinition[] = [
  kpi({
    name: 'churn',
    title: 'Churn',
    area: 'success',
    unit: 'percent',
    good: 'down',
    formula: { kind: 'span', of: 'logo_churn' },
    synonyms: ['customer churn', 'logo churn', 'churn rate'],
    finestGrain: 'month',
    dimensions: success,
  }),
  kpi({
    name: 'revenue_churn',
    title: 'Revenue churn',
    area: 'success',
    unit: 'percent',
    good: 'down',
    formula: { kind: 'span', of: 'revenue_churn' },
    synonyms: ['mrr churn'],
    finestGrain: 'month',
    dimensions: success,
  }),
  kpi({
    name: 'mrr',
    title: 'MRR',
    area: 'finance',
    unit: 'money',
    good: 'up',
    formula: arithmetic,
    synonyms: ['monthly recurring revenue', 'recurring revenue'],
    dimensions: success,
  }),
  kpi({
    name: 'nrr',
    title: 'Net revenue retention',
    area: 'success',
    unit: 'percent',
    good: 'up',
    formula: { kind: 'span', of: 'nrr' },
    synonyms: ['net retention', 'ndr'],
    finestGrain: 'month',
    dimensions: success,
  }),
  kpi({
    name: 'new_customers',
    title: 'New customers',
    area: 'sales',
    unit: 'count',
    good: 'up',
    formula: arithmetic,
    synonyms: ['new logos'],
    dimensions: sales,
  }),
  kpi({
    name: 'bookings',
    title: 'Bookings',
    area: 'sales',
    unit: 'money',
    good: 'up',
    formula: arithmetic,
    synonyms: ['won revenue', 'closed won'],
    dimensions: sales,
  }),
  kpi({
    name: 'win_rate',
    title: 'Win rate',
    area: 'sales',
    unit: 'percent',
    good: 'up',
    formula: arithmetic,
    synonyms: ['close rate'],
    dimensions: sales,
  }),
  kpi({
    name: 'sales_velocity',
    title: 'Sales velocity',
    area: 'sales',
    unit: 'money_per_day',
    good: 'up',
    formula: arithmetic,
    synonyms: ['pipeline velocity', 'velocity'],
    dimensions: sales,
  }),
  kpi({
    name: 'open_pipeline',
    title: 'Open pipeline',
    area: 'sales',
    unit: 'money',
    good: 'up',
    formula: arithmetic,
    synonyms: ['pipeline'],
    dimensions: sales,
  }),
  kpi({
    name: 'mqls',
    title: 'MQLs',
    area: 'marketing',
    unit: 'count',
    good: 'up',
    formula: arithmetic,
    synonyms: ['marketing qualified leads'],
    dimensions: ['region', 'segment', 'source'],
  }),
  kpi({
    name: 'mql_to_customer',
    title: 'MQL to customer',
    area: 'marketing',
    unit: 'percent',
    good: 'up',
    formula: arithmetic,
    synonyms: ['mql conversion', 'lead to customer'],
    dimensions: ['region', 'segment', 'source'],
  }),
  kpi({
    name: 'csat',
    title: 'CSAT',
    area: 'support',
    unit: 'percent',
    good: 'up',
    formula: arithmetic,
    synonyms: ['customer satisfaction', 'satisfaction'],
    dimensions: support,
  }),
  kpi({
    name: 'first_response',
    title: 'Median first response',
    area: 'support',
    unit: 'minutes',
    good: 'down',
    formula: arithmetic,
    synonyms: ['first response time', 'response time', 'frt'],
    dimensions: support,
  }),
  kpi({
    name: 'tickets_created',
    title: 'Tickets created',
    area: 'support',
    unit: 'count',
    good: 'down',
    formula: arithmetic,
    synonyms: ['tickets', 'new tickets', 'ticket volume'],
    dimensions: support,
  }),
];
