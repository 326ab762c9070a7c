import { longestName } from './longest-name.ts';
import type { Token } from './tokens.ts';
import { comparators } from './vocabulary.ts';

const goals = 'target targets goal goals budget plan quota quotas'.split(' ');
const verbs = 'hit hitting meet meeting make making reach reaching beat beating miss missing tracking'.split(
  ' ',
);
const leads = [
  ...comparators,
  ...'to,of,towards,toward,ahead of,behind,above,below,under'.split(','),
  ...verbs,
];

/** Asks for the target and the pace towards it: "vs target", "against budget", "are we on track". */
const names: ReadonlyMap<string, true> = new Map(
  [
    ...'target targets goal goals budget attainment pace pacing'.split(' '),
    ...'on track,on target,on pace,on plan,on budget'.split(','),
    ...['our ', 'the ', ''].flatMap((whose) =>
      goals.flatMap((goal) => leads.map((lead) => `${lead} ${whose}${goal}`)),
    ),
  ].map((words) => [words, true]),
);

/** "Will we hit our bookings target": carries nothing but the target behind it. */
const pushes: ReadonlyMap<string, true> = new Map(
  ['', 'to ', 'going to ', 'able to '].flatMap((before) =>
    verbs.flatMap((verb) =>
      ['', ' our', ' the', ' its'].map((after) => [`${before}${verb}${after}`, true] as const),
    ),
  ),
);

/** How many words from token `i` on ask for the target; 0 for none. */
export function readAim(tokens: readonly Token[], i: number): number {
  return longestName(tokens, i, names, 5)?.length ?? 0;
}

/** How many words from token `i` on go with a target that is named elsewhere in the question. */
export function readPush(tokens: readonly Token[], i: number): number {
  const rest = tokens.slice(i).some(({ text }) => goals.includes(text));
  return rest ? (longestName(tokens, i, pushes, 4)?.length ?? 0) : 0;
}

export const aimWords: readonly string[] = [
  ...new Set([...names.keys(), ...pushes.keys()].flatMap((words) => words.split(' '))),
];
