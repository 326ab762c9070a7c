/** What transports hand in and get back. A transport translates and decides nothing. */
import type { Answer } from '../../kpi/answer.ts';
import type { TableAnswer } from '../../kpi/table.ts';
import type { Problem } from '../../platform/errors.ts';

export type Platform = 'slack' | 'teams' | 'terminal' | 'http' | 'mail';

/** executive, manager, analyst, viewer (PRODUCT.md D4). */
export type Role = 'executive' | 'manager' | 'analyst' | 'viewer';

export type Person = { platform: Platform; id: string; name: string };

/** Where the question was asked; `channel` is the platform's id. A dm is seen by the asker alone. */
export type Place = { platform: Platform; channel: string; kind: 'dm' | 'channel' };

export type Incoming = {
  /** What was typed after the command or mention: "churn last quarter". */
  text: string;
  person: Person;
  place: Place;
  /** Unique per request of the platform: the replay and retry guard. */
  requestId: string;
};

/** A press on a button of an earlier answer. */
export type Press = {
  answerId: string;
  verb: Verb;
  value?: string;
  person: Person;
  place: Place;
  requestId: string;
};

export const verbs = [
  'by',
  'compare',
  'share',
  'export',
  'define',
  'why',
  'records',
  'ask',
  'alert',
] as const;
export type Verb = (typeof verbs)[number];

/** One button: carries ids only; rights are checked again when it is pressed. */
export type Action = { verb: Verb; label: string; value?: string; style?: 'primary' };

export type Picture = { png: Uint8Array; alt: string; width: number; height: number };

export type Document = { name: string; mime: string; bytes: Uint8Array };

/** Words and figures that no single number answers. */
export type Note = {
  kind: 'note';
  title: string;
  lines: readonly string[];
  actions: readonly Action[];
  /** Its figures are above what the place may see. Left out, everybody there may. */
  visibility?: 'asker';
};

export type Reply =
  | {
      kind: 'answer';
      answerId: string;
      answer: Answer;
      /** Drawn for the transport's size; null when drawing failed: the text always goes out. */
      picture: Picture | null;
      /** `place`: everybody there may see it. `asker`: above what the place may see, so privately. */
      visibility: 'place' | 'asker';
      /** "Only you can see this: #general may not see revenue." */
      visibilityNote: string | null;
      actions: readonly Action[];
    }
  | {
      kind: 'table';
      answerId: string;
      table: TableAnswer;
      /** Null for records, and when drawing failed. */
      picture: Picture | null;
      visibility: 'place' | 'asker';
      visibilityNote: string | null;
      actions: readonly Action[];
    }
  | { kind: 'problem'; problem: Problem; actions: readonly Action[] }
  | { kind: 'document'; document: Document; text: string; visibility: 'place' | 'asker' }
  | Note;

/** The one door that every transport calls. Never throws: what goes wrong is a `problem`. */
export interface Desk {
  ask(incoming: Incoming, options?: { maxPictureWidth?: number }): Promise<Reply>;
  press(press: Press, options?: { maxPictureWidth?: number }): Promise<Reply>;
  /** Completion for clients that have it: KPI names and phrases this person may ask. */
  complete(prefix: string, person: Person): Promise<readonly string[]>;
}
