import type { KpiDefinition } from '../definition.ts';

const base = {
  area: 'finance',
  owner: 'Finance',
  version: '1',
  unit: 'money',
  good: 'up',
  sources: ['billing', 'finance_files'],
  finestGrain: 'quarter',
  dimensions: ['region', 'segment'],
} as const;

/** What customers are going to be worth, as against `ltv`, which divides by a churn rate. */
export const lifetime: readonly KpiDefinition[] = [
  {
    ...base,
    name: 'predicted_ltv',
    title: 'Predicted lifetime value',
    synonyms: [
      'predicted ltv',
      'predictive ltv',
      'predictive clv',
      'predicted clv',
      'ltv forecast',
      'clv forecast',
      'customer lifetime value forecast',
      'lifetime value forecast',
      'forecast ltv',
      'predicted customer lifetime value',
    ],
    formula: { kind: 'lifetime', of: 'customers', pays: 'arpa', margin: 'gross_margin' },
    text: 'What a customer is expected to leave after cost of sales over 24 months, discounted by 10 % a year. With subscriptions: of a new customer, by the share of customers still paying after each month (Kaplan–Meier) × ARPA × gross margin of the twelve months before; one that comes back counts as gone, and nobody without a subscription is in it. Without any subscription: of a customer of today, by BG/NBD and gamma-gamma over the purchases. The data decide, and the answer names the model. Fewer than 30 customers, or none watched for 24 months, give no figure.',
    reference:
      'Gupta, Lehmann, Stuart, JMR 41 (2004); Kaplan and Meier, JASA 53 (1958); Fader, Hardie, Lee, Marketing Science 24 (2005) and JMR 42 (2005)',
  },
  {
    ...base,
    name: 'predicted_buyer_value',
    title: 'Predicted value of buyers without a contract',
    synonyms: [
      'buyer value',
      'predicted buyer value',
      'bg nbd',
      'repeat purchase value',
      'non-contractual ltv',
    ],
    formula: { kind: 'lifetime', of: 'buyers', pays: 'arpa', margin: 'gross_margin' },
    text: 'What a customer without any subscription is expected to leave after cost of sales over the next 24 months, discounted by 10 % a year: purchases by BG/NBD × spend by gamma-gamma × gross margin of the twelve months before. Purchases are payments, or invoices where no payment is recorded; those of one day are one. Fewer than 30 such customers give no figure.',
    reference: 'Fader, Hardie, Lee, Marketing Science 24 (2005) and JMR 42 (2005)',
  },
];
