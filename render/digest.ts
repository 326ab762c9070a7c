import type { Answer } from '../kpi/answer.ts';

/** A digest, composed and ready to be written down: plain data, one for every channel. */
export type Digest = {
  /** "Executive digest" */
  title: string;
  /** "Week of 16 November 2026" */
  periodLabel: string;
  /** One paragraph. Who reads only this has not been misled. */
  summary: string;
  tiles: readonly Answer[];
  /** What moved and why: three at most are shown. */
  movers: readonly { text: string }[];
  unusual: readonly { text: string }[];
  /** Numbers that changed since the last digest said them. */
  restated: readonly { text: string }[];
  sections: readonly { area: string; answers: readonly Answer[] }[];
  /** ISO instant. */
  madeAt: string;
  /** "Sent 3 h late: Herald was down from 08:00 to 11:00." */
  lateNote?: string;
};

/** The lists of a digest in the order in which they are read; empty ones are left out. */
export function digestLists(digest: Digest): { heading: string; lines: readonly string[] }[] {
  const lists = [
    { heading: 'What moved and why', lines: digest.movers.slice(0, 3).map((one) => one.text) },
    { heading: 'Unusual', lines: digest.unusual.slice(0, 5).map((one) => one.text) },
    { heading: 'Restated since the last digest', lines: digest.restated.slice(0, 5).map((one) => one.text) },
  ];
  return lists.filter((list) => list.lines.length > 0);
}
