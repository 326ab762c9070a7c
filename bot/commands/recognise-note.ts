/** Which texts ask for a note rather than a number: why, relation, restatement. Words only; nothing is read. */
import type { CalendarSettings } from '../../kpi/calendar.ts';
import type { Question } from '../../kpi/question.ts';
import { askedRelation, type RelationRequest } from './relation.ts';
import { askedRestate, type RestateRequest } from './restate.ts';
import type { Grammar } from './table-words.ts';
import { askedWhy } from './why.ts';

export type NoteRequest =
  | { action: 'why'; question: Question }
  | { action: 'relate'; relation: RelationRequest }
  | { action: 'restate'; restated: RestateRequest };

/** `request` throws `ask`, with suggestions, for a text that asks for a note and is not understood. */
export type RecognisedNote = { action: NoteRequest['action']; request(): NoteRequest };

/** Null when the text asks for something else. Never throws. */
export function recogniseNote(
  text: string,
  grammar: Grammar,
  calendar: CalendarSettings,
): RecognisedNote | null {
  const why = (): NoteRequest | null => {
    const moved = askedWhy(text);
    return moved === null ? null : { action: 'why', question: grammar.parse(moved) };
  };
  const restate = (): NoteRequest | null => {
    const restated = askedRestate(text, grammar, calendar);
    return restated && { action: 'restate', restated };
  };
  const relate = (): NoteRequest | null => {
    const relation = askedRelation(text, grammar);
    return relation && { action: 'relate', relation };
  };
  // "Why is churn different from last week's digest" begins like a why.
  return attempt('restate', restate) ?? attempt('why', why) ?? attempt('relate', relate);
}

function attempt(action: NoteRequest['action'], read: () => NoteRequest | null): RecognisedNote | null {
  try {
    const request = read();
    return request && { action, request: () => request };
  } catch (thrown) {
    return {
      action,
      request() {
        throw thrown;
      },
    };
  }
}

/** Every KPI whose figures the note tells. */
export function kpisOf(request: NoteRequest): string[] {
  switch (request.action) {
    case 'why':
      return [request.question.kpi];
    case 'restate':
      return [request.restated.question.kpi];
    case 'relate': {
      const { relation } = request;
      if (relation.kind === 'lag') return [...new Set([relation.first, relation.second])];
      return [
        'churn',
        'nrr',
        ...(relation.by === 'ticket_load' ? ['tickets_created'] : ['campaign_responses']),
      ];
    }
    default:
      return request satisfies never;
  }
}
