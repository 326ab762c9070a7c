/** Columns that are judged from a ticket and its events, and how. */
export type Judgement = {
  table: 'ticket' | 'ticket_event';
  /** Written by this judgement alone (or, for a ticket's times, only where its source tells none). */
  columns: readonly string[];
  /** Rows of (system, id, columns…) for the tickets in `chosen` (system, ticket_id). */
  select: string;
};
