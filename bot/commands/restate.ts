/** "what changed in churn since Monday", "restate bookings last quarter since 1 November", "why is Q3 churn different from last week's digest". */
import { type CalendarSettings, dayIn, dayLabel, instantOf, offset } from '../../kpi/calendar.ts';
import type { Question } from '../../kpi/question.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Grammar } from './table-words.ts';

export type RestateRequest = {
  question: Question;
  /** Since an instant, or since the last digest was written. */
  since: { kind: 'instant'; at: Date; label: string } | { kind: 'digest' };
};

const restating =
  /^\s*(?:restate|restatement\s+of|what(?:'s|’s|\s+has|\s+have)?\s+changed\s+(?:in|for|about|with)|how\s+(?:has|have)\s+(?=.*\bchanged\b.*\bsince\b))\s*(.+)$/i;
const differing =
  /^\s*why\s+(?:is|are|was|were|does|do|did)\s+(.+?)\s+(?:different|differ|another|not\s+(?:the\s+same|what)|changed)\s+(?:from|than|to|as|since|in)?\s*(.+)$/i;
const digest =
  /\b(?:the\s+|our\s+|in\s+)*(?:(?:last|previous|monday(?:'s|’s)?|(?:last|this)\s+week(?:'s|’s)?|latest)\s+)*(?:digest|report|board\s+pack)\b/i;
const sinceDay = /\s+(?:since|after|between)\s+(.+)$/i;

const tries = ['restate bookings last quarter since 1 November', 'what changed in churn since Monday'];

/** The restatement that a text asks for; null when it asks for something else. Throws `ask` for one without a beginning. */
export function askedRestate(
  text: string,
  answerer: Grammar,
  calendar: CalendarSettings,
): RestateRequest | null {
  const asked = text
    .replace(/\?+\s*$/, '')
    .replace(/\bchanged\b(?=\s+since)/i, ' ')
    .trim();
  const different = differing.exec(asked);
  if (different && (digest.test(different[2]!) || /\bsince\b/i.test(asked)))
    return {
      question: plain(different[1]!, answerer),
      since: sinceOf(different[2]!, different[1]!, answerer, calendar),
    };
  const subject = (restating.exec(asked) ?? restating.exec(text.replace(/\?+\s*$/, '')))?.[1]?.replace(
    /\bchanged\b/i,
    ' ',
  );
  if (subject === undefined) return null;
  const [, day] = sinceDay.exec(subject) ?? [];
  if (day !== undefined) {
    const question = plain(subject.replace(sinceDay, ''), answerer);
    return { question, since: sinceOf(day, question.kpi.replaceAll('_', ' '), answerer, calendar) };
  }
  if (digest.test(subject))
    return {
      question: plain(subject.replace(digest, ' ').replace(/\b(?:since|from|in)\s*$/i, ''), answerer),
      since: { kind: 'digest' },
    };
  throw new HeraldError('ask', 'Since when? Name the day, or the last digest.', { suggestions: tries });
}

function plain(text: string, { parse }: Grammar): Question {
  const question = parse(text.replace(/\s+/g, ' ').trim());
  if (question.by === null && question.top === null && question.asOf === null) return question;
  throw new HeraldError(
    'ask',
    'What changed is told of one number at a time: without a breakdown, a ranking or “as of”.',
    {
      suggestions: tries,
    },
  );
}

function sinceOf(
  words: string,
  kpi: string,
  { parse }: Grammar,
  { timeZone }: CalendarSettings,
): RestateRequest['since'] {
  if (digest.test(words)) return { kind: 'digest' };
  // The grammar of "as of" reads the day; what was known when it ended is known a day after it began.
  const { asOf } = parse(`${kpi} as of ${words.replace(/^\s*since\s+/i, '')}`);
  if (asOf === null)
    throw new HeraldError(
      'ask',
      'That day is not over yet. Name an earlier one: what changed is told against what was known when it began.',
      {
        suggestions: tries,
      },
    );
  const day = offset(dayIn(new Date(asOf), timeZone), 'day', -1);
  return { kind: 'instant', at: instantOf(day, timeZone), label: dayLabel(day) };
}
