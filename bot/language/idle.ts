import { longestName } from './longest-name.ts';
import type { Token } from './tokens.ts';
import { fillers } from './vocabulary.ts';

/** Courtesy as a whole phrase, whose words alone may mean something: "my team" is a condition, "hi team" is none. */
const courtesies: ReadonlyMap<string, true> = new Map(
  [
    'good morning,good afternoon,good evening,hi team,hey team,hello team,thanks team,thanks in advance,by the way',
    "i'd like to,i would like to,i'd love to,i want to,we want to,i need to,i'm looking for,just curious,curious",
    'quick question,any idea,any ideas,how long,how big,if possible,as soon as possible',
    'break down,breakdown of,slice,split,drill into,drill down into',
  ]
    .join(',')
    .split(',')
    .map((words) => [words, true]),
);

export const courtesyWords: readonly string[] = [...courtesies.keys()].flatMap((words) => words.split(' '));

/** After these "us" and "me" are people; elsewhere they are countries. */
const givers: ReadonlySet<string> = new Set('give show tell get let send remind gimme for'.split(' '));

/** How many words from token `i` on carry no condition; 0 when they have to be understood. */
export function readIdle(tokens: readonly Token[], i: number): number {
  const courtesy = longestName(tokens, i, courtesies, 4);
  if (courtesy) return courtesy.length;
  if (upOrDown.has(tokens[i]!.text) && asking.has(tokens[0]!.text)) return 1;
  return fillers.has(tokens[i]!.text) && !isCountry(tokens, i) ? 1 : 0;
}

/** "Is churn up?": every answer says so. */
const upOrDown: ReadonlySet<string> = new Set(['up', 'down']);
const asking: ReadonlySet<string> = new Set(['is', 'are', 'has', 'have', 'did']);

/** "Bookings in the US" must not become all bookings, nor "IT" a pronoun. */
function isCountry(tokens: readonly Token[], i: number): boolean {
  const { text, raw } = tokens[i]!;
  if (!['us', 'me', 'it'].includes(text)) return false;
  const shouted = tokens.every((token) => token.raw === token.raw.toUpperCase());
  const capitals = raw === raw.toUpperCase() && !shouted;
  return capitals || (text !== 'it' && !givers.has(tokens[i - 1]?.text ?? ''));
}
