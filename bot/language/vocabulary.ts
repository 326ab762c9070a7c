import { type Dimension, dimensions } from '../../kpi/question.ts';

/** What people call the dimensions. Several words are allowed; the first is used in suggestions. */
export const dimensionWords: Record<Dimension, readonly string[]> = {
  region: ['region', 'regions', 'territory', 'territories', 'geo', 'geos', 'geography'],
  segment: ['segment', 'segments', 'customer segment', 'company size', 'customer size', 'size'],
  owner: [
    'rep',
    'reps',
    'owner',
    'owners',
    'salesperson',
    'salespeople',
    'sales rep',
    'sales reps',
    'account owner',
    'seller',
    'sellers',
    'agent',
    'agents',
  ],
  source: [
    'source',
    'sources',
    'lead source',
    'lead sources',
    'channel of origin',
    'origin',
    'acquisition channel',
  ],
  plan: ['plan', 'plans', 'tier', 'tiers'],
  product: ['product', 'products', 'product line'],
  priority: ['priority', 'priorities', 'severity', 'severities'],
  channel: ['channel', 'channels', 'support channel'],
};

/** Any of the words above → dimension. */
export const dimensionOf: ReadonlyMap<string, Dimension> = new Map(
  dimensions.flatMap((dimension) => dimensionWords[dimension].map((word) => [word, dimension] as const)),
);

type WellKnown = { dimension: Dimension; value: string };

/** Values that every company has, so that they work before the first sync: key → written form. */
export const wellKnownValues: ReadonlyMap<string, WellKnown> = new Map<string, WellKnown>([
  ...['EMEA', 'AMER', 'APAC', 'LATAM'].map(
    (value) => [value.toLowerCase(), { dimension: 'region', value }] as const,
  ),
  ['smb', { dimension: 'segment', value: 'SMB' }],
  ['mid market', { dimension: 'segment', value: 'Mid-Market' }],
  ['midmarket', { dimension: 'segment', value: 'Mid-Market' }],
  ['enterprise', { dimension: 'segment', value: 'Enterprise' }],
  ...['low', 'normal', 'high', 'urgent'].map((value) => [value, { dimension: 'priority', value }] as const),
]);

/**
 * Words that carry no condition, so that leaving them out cannot change the answer. Everything else that is not
 * understood stops the question: a dropped "not" or "without" would give a wrong number.
 */
export const fillers: ReadonlySet<string> = new Set(
  (
    'a an the of our we us i you me it its is are was were be been has have had do did does can could would will ' +
    "what what's whats which how many much show give tell get got getting see display find want need like know let " +
    'please kindly hey hi hello herald kpi metric number numbers figure figures value values rate ratio stats trend trends trending ' +
    'about and or for in on at during over with within from look looking like doing go going there latest current ' +
    'currently so far overall total company customer customers come came receive received ' +
    'pls plz thx thanks thank ty cheers gimme asap u yo all folks remind wondering graph chart charts plot , - & : % /'
  ).split(' '),
);

/** Words that put the second period or "last year" after them. */
export const comparators: readonly string[] = [
  'vs',
  'versus',
  'v',
  'against',
  'compared with',
  'compared to',
  'compared against',
  'compare with',
  'compare to',
  'comparing to',
  'comparing with',
  'relative to',
  'in comparison with',
  'in comparison to',
];

/** Words that start a breakdown when a dimension follows. */
export const breakdownWords: readonly string[] = [
  'by',
  'per',
  'split by',
  'broken down by',
  'break down by',
  'breakdown by',
  'grouped by',
  'group by',
  'sliced by',
  'across',
  'by each',
  'for each',
  'for every',
];
