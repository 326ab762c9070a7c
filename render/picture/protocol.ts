import type { Answer } from '../../kpi/answer.ts';
import type { TableAnswer } from '../../kpi/table.ts';
import type { DrawOptions } from '../charts/page.ts';

/** What has a picture. */
export type Drawable = Answer | TableAnswer;

/** What the painter and its drawing processes say to each other. One request is under way at a time. */
export type Request = {
  id: number;
  answer: Drawable;
  options: DrawOptions;
  form: 'svg' | 'png';
  width: number;
};

export type Response =
  | { kind: 'ready' }
  | { kind: 'unfit'; message: string }
  | { kind: 'svg'; id: number; svg: string }
  | { kind: 'png'; id: number; png: Uint8Array; width: number; height: number }
  | { kind: 'failed'; id: number; message: string };
