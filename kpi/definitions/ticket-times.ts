/**
 * How long tickets wait for their first reply and for their solution: median, ninth decile and mean, each in calendar
 * and in working time. One shape, told twice over by the facts' columns.
 */
import type { KpiDefinition } from '../definition.ts';

const dimensions = ['region', 'segment', 'owner', 'product', 'priority', 'channel'] as const;
const base = {
  area: 'support',
  owner: 'Support operations',
  version: '1',
  sources: ['zendesk'],
  dimensions,
  good: 'down',
  reference: 'Zendesk help 4408834848154',
} as const;

const created = 'tz(f.created_at)';
const solved = 'tz(f.solved_at)';
const replied = 'f.first_replied_at >= f.created_at';

const percentile = (day: string, value: string, p: number, when = `${value} is not null`) =>
  ({ kind: 'percentile', table: 'ticket', day, value, when, p, dimensions }) as const;
const mean = (seconds: string, perUnit: number) =>
  ({ kind: 'arithmetic', text: `${seconds} / count(${seconds}) / ${perUnit}` }) as const;

const replyMinutes = 'extract(epoch from f.first_replied_at - f.created_at) / 60.0';
const replyWorkingMinutes = 'f.first_reply_business_seconds / 60.0';
const solutionHours = 'extract(epoch from f.solved_at - f.created_at) / 3600.0';
const solutionWorkingHours = 'f.resolution_business_seconds / 3600.0';

const byCreation = 'by creation date. Tickets without a reply are left out.';
const working =
  'Working time is that of the ticket’s own support schedule, clock changes and holidays included; a ticket that changes its schedule is counted by each while it has it.';

export const ticketTimes: readonly KpiDefinition[] = [
  {
    ...base,
    name: 'first_response',
    title: 'Median first response',
    synonyms: [
      'ttfr',
      'time to first response',
      'time to first reply',
      'first response time',
      'first reply time',
      'frt',
      'median first response',
      'response time',
      'first reply',
      'median first response time',
      'reply time',
    ],
    unit: 'minutes',
    formula: percentile(created, replyMinutes, 0.5, replied),
    text: `Median calendar minutes from a ticket’s creation to the first public reply of an agent, ${byCreation}`,
    finestGrain: 'day',
  },
  {
    ...base,
    name: 'first_response_p90',
    title: 'First response, 90th percentile',
    synonyms: ['p90 first response', 'first response p90', '90th percentile first response'],
    unit: 'minutes',
    formula: percentile(created, replyMinutes, 0.9, replied),
    text: 'Nine of ten tickets got their first public reply within this many calendar minutes, by creation date.',
    finestGrain: 'week',
  },
  {
    ...base,
    name: 'first_response_mean',
    title: 'Mean first response',
    synonyms: [
      'average first response',
      'mean first response time',
      'average first response time',
      'average response time',
    ],
    unit: 'minutes',
    formula: mean('reply_seconds', 60),
    text: `Mean calendar minutes from a ticket’s creation to the first public reply of an agent, ${byCreation}`,
    finestGrain: 'week',
  },
  {
    ...base,
    name: 'first_response_business',
    title: 'Median first response in business hours',
    synonyms: [
      'business first response',
      'first response in business hours',
      'first reply in business hours',
      'business response time',
      'median business first response',
    ],
    unit: 'minutes',
    formula: percentile(created, replyWorkingMinutes, 0.5),
    text: `Median working minutes from a ticket’s creation to the first public reply of an agent, ${byCreation} ${working}`,
    finestGrain: 'day',
  },
  {
    ...base,
    name: 'first_response_business_p90',
    title: 'First response in business hours, 90th percentile',
    synonyms: ['p90 business first response', 'business first response p90'],
    unit: 'minutes',
    formula: percentile(created, replyWorkingMinutes, 0.9),
    text: `Nine of ten tickets got their first public reply within this many working minutes, by creation date. ${working}`,
    finestGrain: 'week',
  },
  {
    ...base,
    name: 'first_response_business_mean',
    title: 'Mean first response in business hours',
    synonyms: [
      'average business first response',
      'mean business first response',
      'average business response time',
    ],
    unit: 'minutes',
    formula: mean('reply_business_seconds', 60),
    text: `Mean working minutes from a ticket’s creation to the first public reply of an agent, ${byCreation} ${working}`,
    finestGrain: 'week',
  },
  {
    ...base,
    name: 'first_resolution_time',
    title: 'Mean first resolution time',
    synonyms: ['first resolution', 'time to first resolution', 'first solution time'],
    unit: 'hours',
    formula: mean('first_solution_seconds', 3600),
    text: 'Mean calendar hours from creation to first solution, of the tickets first solved in the period, whether they were reopened or not.',
    finestGrain: 'week',
  },
  {
    ...base,
    name: 'resolution_time',
    title: 'Mean resolution time',
    synonyms: [
      'time to resolution',
      'resolution',
      'mttr',
      'full resolution time',
      'time to resolve',
      'mean resolution time',
    ],
    unit: 'hours',
    formula: mean('resolution_seconds', 3600),
    text: 'Mean calendar hours from creation to last solution, of the tickets solved in the period.',
    finestGrain: 'week',
  },
  {
    ...base,
    name: 'resolution_median',
    title: 'Median resolution time',
    synonyms: ['median resolution time', 'median time to resolution', 'median resolution'],
    unit: 'hours',
    formula: percentile(solved, solutionHours, 0.5, 'f.solved_at >= f.created_at'),
    text: 'Median calendar hours from creation to last solution, of the tickets solved in the period.',
    finestGrain: 'day',
  },
  {
    ...base,
    name: 'resolution_p90',
    title: 'Resolution time, 90th percentile',
    synonyms: ['p90 resolution time', 'resolution time p90', 'p90 resolution'],
    unit: 'hours',
    formula: percentile(solved, solutionHours, 0.9, 'f.solved_at >= f.created_at'),
    text: 'Nine of ten tickets solved in the period took at most this many calendar hours from creation to last solution.',
    finestGrain: 'week',
  },
  {
    ...base,
    name: 'resolution_business_time',
    title: 'Mean resolution time in business hours',
    synonyms: [
      'business resolution time',
      'resolution time in business hours',
      'mean business resolution time',
    ],
    unit: 'hours',
    formula: mean('resolution_business_seconds', 3600),
    text: `Mean working hours from creation to last solution, of the tickets solved in the period. ${working}`,
    finestGrain: 'week',
  },
  {
    ...base,
    name: 'resolution_business_median',
    title: 'Median resolution time in business hours',
    synonyms: ['median business resolution time', 'business resolution median'],
    unit: 'hours',
    formula: percentile(solved, solutionWorkingHours, 0.5),
    text: `Median working hours from creation to last solution, of the tickets solved in the period. ${working}`,
    finestGrain: 'day',
  },
  {
    ...base,
    name: 'resolution_business_p90',
    title: 'Resolution time in business hours, 90th percentile',
    synonyms: ['p90 business resolution time', 'business resolution p90'],
    unit: 'hours',
    formula: percentile(solved, solutionWorkingHours, 0.9),
    text: `Nine of ten tickets solved in the period took at most this many working hours from creation to last solution. ${working}`,
    finestGrain: 'week',
  },
];
