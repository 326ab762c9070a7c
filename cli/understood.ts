/** What a text asks for, as the desk would take it: a note, a table or a number, with the parts of its reading. */

import { askedTable } from '../bot/commands/asked-table.ts';
import { type NoteRequest, recogniseNote } from '../bot/commands/recognise-note.ts';
import type { Grammar } from '../bot/commands/table-words.ts';
import { addDays, type CalendarSettings, dayLabel } from '../kpi/calendar.ts';
import type { Catalogue } from '../kpi/catalogue.ts';
import type { Filter } from '../kpi/question.ts';

export type Understood = {
  /** "number", the kind of a table ("cohorts", "funnel", "records", …), or of a note ("why", "relate", "restate"). */
  asks: string;
  /** What was understood, in words, part by part. */
  parts: readonly string[];
} & Record<string, unknown>;

/** Throws `ask`, with suggestions, for what is not understood. */
export function understood(text: string, grammar: Grammar, calendar: CalendarSettings): Understood {
  const note = recogniseNote(text, grammar, calendar);
  if (note) return ofNote(note.request(), grammar.catalogue);
  const table = askedTable(text, grammar);
  if (table) {
    const reading = 'reading' in table ? table.reading : table.question.reading;
    return { asks: table.kind, parts: partsOf(reading), ...table };
  }
  const question = grammar.parse(text);
  return { asks: 'number', parts: partsOf(question.reading), ...question };
}

const partsOf = (reading: string): string[] => reading.split(' · ');

function ofNote(request: NoteRequest, catalogue: Catalogue): Understood {
  const { action: asks } = request;
  switch (asks) {
    case 'why': {
      const { question } = request;
      return { asks, parts: ['what makes up the change', ...partsOf(question.reading)], question };
    }
    case 'restate': {
      const { question, since } = request.restated;
      const from = since.kind === 'digest' ? 'the last digest' : since.label;
      return { asks, parts: [`what changed since ${from}`, ...partsOf(question.reading)], since, question };
    }
    case 'relate': {
      const { relation } = request;
      const title = (kpi: string) => catalogue.kpiByName.get(kpi)?.title ?? kpi;
      const narrowed = relation.filters.map(sayFilter);
      if (relation.kind === 'retention') {
        const by = relation.by === 'campaign' ? 'campaign of origin' : 'ticket load';
        return { asks, parts: ['retention', `by ${by}`, relation.period.label, ...narrowed], relation };
      }
      const { first, second, window } = relation;
      const over = window
        ? `${dayLabel(window.from)} to ${dayLabel(addDays(window.to, -1))}`
        : 'the last two years';
      return { asks, parts: [title(first), `and ${title(second)}`, over, ...narrowed], relation };
    }
    default:
      return request satisfies never;
  }
}

const sayFilter = ({ dimension, values }: Filter) => `${dimension} ${values.join(', ')}`;
