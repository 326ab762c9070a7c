/** Revenue credited to marketing, a KPI per model, and what the money spent on it brings. */
import type { AttributionModel } from '../attribution/attribute.ts';
import type { KpiDefinition } from '../definition.ts';

const base = { area: 'marketing', owner: 'Marketing operations', version: '1' } as const;

const rule =
  'Each deal won, by close date, is credited to the campaign responses of its company in the 90 days before; a deal without one is unattributed and shown beside. Credit is exact to the cent: with what is unattributed it adds up to bookings.';

type Model = {
  name: string;
  model: AttributionModel;
  title: string;
  synonyms: readonly string[];
  weighs: string;
  reference: string;
};

const google = 'Google Ads, “About attribution models” (support.google.com/google-ads/answer/6259715)';

const models: readonly Model[] = [
  {
    name: 'attributed_revenue',
    model: 'linear',
    title: 'Attributed revenue',
    synonyms: [
      'revenue linear',
      'linear attribution',
      'linear revenue',
      'linear touch',
      'linear touch revenue',
      'attribution',
      'marketing attribution',
      'multi touch attribution',
      'attributed bookings',
      'marketing sourced revenue',
    ],
    weighs: 'Linear, the model used where none is named: every response of a deal earns the same.',
    reference: google,
  },
  {
    name: 'revenue_first_touch',
    model: 'first',
    title: 'First-touch revenue',
    synonyms: ['first touch', 'first touch attribution', 'first touch revenue', 'first click'],
    weighs: 'First touch: the earliest response earns everything.',
    reference: google,
  },
  {
    name: 'revenue_last_touch',
    model: 'last',
    title: 'Last-touch revenue',
    synonyms: ['last touch', 'last touch attribution', 'last touch revenue', 'last click'],
    weighs: 'Last touch: the latest response earns everything.',
    reference: google,
  },
  {
    name: 'revenue_time_decay',
    model: 'time_decay',
    title: 'Time-decay revenue',
    synonyms: ['time decay', 'time decay attribution', 'time decay revenue', 'decay attribution'],
    weighs: 'Time decay: a response a week earlier earns half as much.',
    reference: google,
  },
  {
    name: 'revenue_position_based',
    model: 'position',
    title: 'Position-based revenue',
    synonyms: [
      'position based',
      'position based attribution',
      'position based revenue',
      'u shaped attribution',
      'u shaped',
    ],
    weighs:
      'Position-based: 40 % to the first response, 40 % to the last, 20 % shared by those between; two share alike.',
    reference: google,
  },
  {
    name: 'revenue_markov',
    model: 'markov',
    title: 'Markov-attributed revenue',
    synonyms: [
      'markov',
      'markov attribution',
      'markov revenue',
      'data driven attribution',
      'removal effect',
      'algorithmic attribution',
    ],
    weighs:
      'Markov: by how much of the chance to win would be lost without a source, estimated from the period’s won deals, each weighing what it is worth.',
    reference: 'Anderl, Becker, von Wangenheim, Schumann, IJRM 33 (2016)',
  },
];

export const attribution: readonly KpiDefinition[] = [
  ...models.map(
    ({ model, weighs, ...named }): KpiDefinition => ({
      ...base,
      ...named,
      unit: 'money',
      good: 'up',
      formula: { kind: 'attribution', model },
      text: `${weighs} ${rule}`,
      detail:
        '{touched_deals} of {won_deals} deals had a response; {unattributed} of {won_value} is unattributed.',
      sources: ['salesforce'],
      finestGrain: 'month',
      dimensions: ['source', 'channel', 'region', 'segment', 'owner', 'product'],
    }),
  ),
  {
    ...base,
    name: 'roas',
    title: 'Return on ad spend',
    synonyms: ['return on ad spend', 'return on marketing spend', 'revenue per marketing dollar'],
    unit: 'ratio',
    good: 'up',
    formula: { kind: 'arithmetic', text: 'kpi(attributed_revenue) / nonzero(marketing_spend)' },
    text: 'Attributed revenue (linear) ÷ marketing spend, both of the same period: revenue by close date, spend by the day it is booked. Without any spend there is no figure.',
    reference: 'Common definition; the model of attributed_revenue',
    sources: ['salesforce', 'finance_files'],
    finestGrain: 'month',
    dimensions: ['source'],
  },
  {
    ...base,
    name: 'marketing_roi',
    title: 'Marketing ROI',
    synonyms: [
      'roi',
      'marketing return',
      'return on marketing',
      'return on marketing investment',
      'romi',
      'campaign roi',
    ],
    unit: 'percent',
    good: 'up',
    formula: {
      kind: 'arithmetic',
      text: '100 * (kpi(attributed_revenue) - marketing_spend) / nonzero(marketing_spend)',
    },
    text: '(Attributed revenue (linear) − marketing spend) ÷ marketing spend of the same period. Without any spend there is no figure; at −100 % the spend brought nothing.',
    reference: 'Common definition; the model of attributed_revenue',
    sources: ['salesforce', 'finance_files'],
    finestGrain: 'month',
    dimensions: ['source'],
    smallSample: 0,
  },
];
