import { keyOf, type Token } from './tokens.ts';

/** Terms that people ask for and no KPI is called: why there is none, and the nearest that there are. */
type Unheld = { terms: readonly string[]; why: string; tries: readonly string[] };

const unheld: readonly Unheld[] = [
  {
    terms: ['retention', 'retention rate', 'dollar retention'],
    why: 'Customers may be meant, or what they pay.',
    tries: ['customer retention', 'net revenue retention', 'gross revenue retention'],
  },
  {
    terms: [
      'burn',
      'burn rate',
      'net burn',
      'runway',
      'opex',
      'operating expenses',
      'ebitda',
      'profit',
      'net income',
      'rule of 40',
    ],
    why: 'It needs all of a company’s cost; read are the cost of sales, and what sales and marketing spend.',
    tries: ['gross margin', 'cash collected', 'marketing spend'],
  },
  {
    terms: ['magic number', 'burn multiple'],
    why: 'Efficiency of growth is told by others.',
    tries: ['cac payback', 'quick ratio', 'ltv to cac'],
  },
  {
    terms: ['revenue growth', 'sales growth', 'growth rate', 'growth'],
    why: 'Every answer has its change; recurring revenue has its growth.',
    tries: ['arr growth', 'mrr growth', 'bookings vs last year'],
  },
  {
    terms: ['tcv', 'carr', 'committed arr', 'new arr', 'expansion arr', 'churned arr', 'contraction arr'],
    why: 'Annual values are kept of what runs; its movements are told in MRR.',
    tries: ['net new arr', 'new mrr', 'expansion mrr'],
  },
  {
    terms: ['new business'],
    why: 'Deals won, new customers or their MRR may be meant.',
    tries: ['bookings', 'new customers', 'new mrr'],
  },
  {
    terms: ['loss rate', 'win/loss', 'win/loss ratio', 'win loss ratio'],
    why: 'The win rate says both: what is not won of the closed deals is lost.',
    tries: ['win rate', 'deals lost', 'win rate value'],
  },
  {
    terms: ['forecast', 'sales forecast', 'commit'],
    why: 'How good it was is told, and what there is to close.',
    tries: ['forecast accuracy', 'weighted pipeline', 'pipeline coverage'],
  },
  {
    terms: ['sourced pipeline', 'marketing sourced pipeline'],
    why: 'Pipeline has a source, and responses that went before it.',
    tries: ['pipeline created by source', 'influenced pipeline', 'attributed revenue'],
  },
  {
    terms: ['by campaign', 'per campaign', 'by campaigns'],
    why: 'Deals, leads and spend are told by source.',
    tries: ['pipeline created by source', 'attributed revenue by source', 'campaign responses by source'],
  },
  {
    terms: ['cost per opportunity', 'cost per sql', 'lead to opportunity', 'lead to opportunity rate'],
    why: 'Cost and conversion are told of other stages.',
    tries: ['cost per mql', 'cac', 'sql to opportunity'],
  },
  {
    terms: ['bounce rate', 'unsubscribe rate', 'unsubscribes', 'email bounces'],
    why: 'Of e-mails, delivered, opened and clicked ones are told.',
    tries: ['email open rate', 'email click rate', 'email click to open'],
  },
  {
    terms: ['calls', 'meetings', 'demos', 'sales calls'],
    why: 'Calls, e-mails and meetings are counted together.',
    tries: ['sales activities', 'sales activities by rep', 'speed to lead'],
  },
  {
    terms: ['ar aging', 'aging', 'accounts payable', 'bad debt'],
    why: 'Receivables are told whole, and what of them is overdue.',
    tries: ['receivables', 'overdue share', 'dso'],
  },
  {
    terms: ['sla breaches', 'sla breach rate', 'breach rate', 'breaches'],
    why: 'Attainment says both: what is not met is breached.',
    tries: ['sla attainment', 'sla first reply', 'sla attainment by priority'],
  },
  {
    terms: [
      'escalation rate',
      'escalations',
      'deflection rate',
      'aht',
      'average handle time',
      'handle time',
      'ces',
      'customer effort score',
      'agent utilization',
      'agent utilisation',
      'utilization',
    ],
    why: 'No connected system says it.',
    tries: ['one touch', 'resolution time', 'agent throughput'],
  },
  {
    terms: [
      'dau',
      'mau',
      'wau',
      'active users',
      'usage',
      'product usage',
      'health score',
      'adoption',
      'user churn',
      'seats',
    ],
    why: 'Use of the product is not read; customers are.',
    tries: ['customers', 'customer retention', 'nps'],
  },
  {
    terms: ['headcount', 'employees', 'hiring', 'employee churn'],
    why: 'Staff is not counted.',
    tries: ['agent throughput', 'quota attainment', 'sales activities'],
  },
  {
    terms: ['s&m spend', 's&m', 'sales and marketing spend'],
    why: 'Marketing’s spend is told by itself, and with that of sales per customer won.',
    tries: ['marketing spend', 'cac', 'paid cac'],
  },
];

const sentences = unheld
  .flatMap(({ terms, ...said }) => terms.map((term) => ({ term, words: keyOf(term), ...said })))
  // The longest first: "revenue growth" before "growth".
  .sort((a, b) => b.words.length - a.words.length);

/** The term that a question asks for in vain, with what to ask instead; null where it has none of them. */
export function unheldIn(tokens: readonly Token[]): { message: string; tries: readonly string[] } | null {
  const text = ` ${keyOf(tokens.map((token) => token.text).join(' '))} `;
  const found = sentences.find(({ words }) => text.includes(` ${words} `));
  if (!found) return null;
  const none = /^(?:by|per) /.test(found.term) ? 'breakdown' : 'KPI called';
  return { message: `Herald has no ${none} “${found.term}”. ${found.why}`, tries: found.tries };
}
