/** "cohort retention by quarter", "revenue retention cohorts last 12 months", "churn by cohort segment SMB". */
import type { CohortQuestion } from '../../kpi/cohort/cohort-question.ts';
import type { Question } from '../../kpi/question.ts';
import { HeraldError } from '../../platform/errors.ts';
import { dimensionWords } from '../language/vocabulary.ts';
import { asKnown, borrow, type Grammar, isNamed, refuseExtras, reworded, tidy } from './table-words.ts';

const subject =
  /\b(?:by\s+)?(?:start(?:ing)?\s+|signup\s+)?cohorts?\b|\bretention\s+(?:table|matrix|heatmap|curves?)\b/gi;
const ofRevenue = /\b(?:(?:net\s+)?(?:revenue|mrr|arr|dollars?))\b/gi;
const ofCustomers = /\b(?:customers?|logos?)\b/gi;
/** Said of the table, not of its contents. */
const idle = /\b(?:retention|retained|churn(?:ed)?|analysis|table|matrix|heatmap|curves?)\b/gi;
const grains = /\b(?:by|per)\s+(?:the\s+)?(month|quarter)s?\b|\b(month|quarter)ly\b/gi;
const otherGrains = /\b(?:by|per)\s+(?:the\s+)?(?:day|week|year)s?\b|\b(?:daily|weekly|yearly)\b/i;

const tries = [
  'retention cohorts last 12 months',
  'revenue retention cohorts by quarter',
  'retention cohorts segment SMB',
];

/** The table that a text asks for; null when it asks for something else. Throws `ask` for what cannot be one. */
export function askedCohorts(text: string, grammar: Grammar): CohortQuestion | null {
  const { kpis } = grammar.catalogue;
  if (text.search(subject) < 0 || isNamed('cohort', text, kpis)) return null;
  if (otherGrains.test(text))
    throw new HeraldError('ask', 'Cohorts are by month or by quarter.', { suggestions: tries });
  const of = text.search(ofRevenue) < 0 ? 'customers' : 'revenue';
  const grain = /quarter/i.test(text.match(grains)?.join(' ') ?? '') ? 'quarter' : 'month';
  const rest = tidy(
    [subject, grains, ofRevenue, ofCustomers, idle].reduce((left, words) => left.replace(words, ' '), text),
  );
  const kpi = of === 'customers' ? 'churn' : 'revenue_churn';
  const period = grain === 'month' ? 'last 12 months' : 'last 8 quarters';
  try {
    const question = borrow(rest, { said: kpi.replaceAll('_', ' '), period }, grammar);
    refuseExtras(question, rest, tries);
    if (question.by)
      throw new HeraldError(
        'ask',
        `A cohort table is not broken down further. Narrow it to one ${dimensionWords[question.by][0]} instead.`,
        { suggestions: tries },
      );
    return { ...shaped(question, kpi, of, grain) };
  } catch (thrown) {
    throw reworded(thrown, tries);
  }
}

function shaped(
  question: Question,
  kpi: string,
  of: CohortQuestion['of'],
  grain: CohortQuestion['grain'],
): CohortQuestion {
  const { period, filters, asOf, repairs } = question;
  const reading = [
    of === 'customers' ? 'Customer retention by cohort' : 'Revenue retention by cohort',
    `first paid in ${period.label}`,
    `by ${grain}`,
    ...filters.map(
      ({ dimension, values }) => `${dimensionWords[dimension][0]} ${values.join(' or ')} at the start`,
    ),
    ...asKnown(question),
  ].join(' · ');
  return { kind: 'cohorts', kpi, of, grain, period, filters, asOf, repairs, reading };
}
