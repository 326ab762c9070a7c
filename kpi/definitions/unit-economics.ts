import type { KpiDefinition } from '../definition.ts';

const dimensions = ['region', 'segment', 'owner', 'source', 'plan', 'product'] as const;
const base = {
  area: 'finance',
  owner: 'Finance',
  version: '1',
  sources: ['billing', 'finance_files'],
  dimensions,
} as const;

export const unitEconomics: readonly KpiDefinition[] = [
  {
    ...base,
    name: 'ltv',
    title: 'Lifetime value',
    synonyms: ['ltv', 'customer lifetime value', 'clv', 'cltv'],
    unit: 'money',
    good: 'up',
    formula: {
      kind: 'arithmetic',
      text: '12 * kpi(arpa) * overall(gross_margin, 12 months) / kpi(churn, 12 months)',
    },
    text: 'What a customer pays a year × gross margin ÷ churn, margin and churn of the twelve months up to the period’s end. The margin is the whole company’s, also for a part. Without any churn there is no figure, rather than one without end.',
    reference: 'Common SaaS formula, margin-adjusted (Baremetrics leaves the margin out)',
    sources: ['billing', 'finance_files'],
    finestGrain: 'month',
  },
  {
    ...base,
    name: 'cac',
    title: 'Customer acquisition cost',
    synonyms: ['customer acquisition cost', 'acquisition cost', 'cost per customer', 'loaded cac'],
    unit: 'money',
    good: 'down',
    formula: { kind: 'arithmetic', text: 'nonzero(sales_marketing_spend) / kpi(new_customers)' },
    text: 'Sales and marketing spend ÷ new customers of the same period, fully loaded. Without any spend or any new customer there is no figure.',
    reference: 'SaaS Metrics Standards Board',
    sources: ['billing', 'finance_files'],
    finestGrain: 'month',
    dimensions: [],
  },
  {
    ...base,
    name: 'ltv_to_cac',
    title: 'LTV to CAC',
    synonyms: ['ltv cac', 'ltv:cac', 'ltv/cac', 'ltv cac ratio', 'clv to cac'],
    unit: 'ratio',
    good: 'up',
    formula: { kind: 'arithmetic', text: 'kpi(ltv) / kpi(cac, 12 months)' },
    text: 'Lifetime value ÷ cost of acquiring a customer, both over the twelve months up to the period’s end.',
    reference: 'Common SaaS formula; three and more is called healthy',
    sources: ['billing', 'finance_files'],
    finestGrain: 'month',
    dimensions: [],
  },
  {
    ...base,
    name: 'cac_payback',
    title: 'CAC payback',
    synonyms: ['payback', 'payback period', 'cac payback period', 'months to recover cac'],
    unit: 'months',
    good: 'down',
    formula: {
      kind: 'arithmetic',
      text: '100 * nonzero(sales_marketing_spend) / (kpi(new_mrr) * kpi(gross_margin))',
    },
    text: 'Sales and marketing spend ÷ what new customers’ MRR leaves a month after cost of sales: months until a customer has paid for itself.',
    reference: 'SaaS Metrics Standards Board (gross-margin adjusted)',
    sources: ['billing', 'finance_files'],
    finestGrain: 'month',
    dimensions: [],
  },
];
