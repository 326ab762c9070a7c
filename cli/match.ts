/** `herald match join|split SYSTEM:ID SYSTEM:ID`, `undo N`, `list [--all]`: what people say of two accounts. */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HeraldError } from '../platform/errors.ts';
import { plainText } from '../render/plain-text.ts';
import {
  type AccountRef,
  addRule,
  type MatchRule,
  nameOf,
  readRules,
  undoRule,
} from '../sync/resolve/rules.ts';
import { asHeraldError, type House, openHouse } from './house.ts';
import { consume } from './sync-sources.ts';
import type { Tools, Verb } from './verb.ts';
import { createWorkshop } from './workshop.ts';

const PAUSE_MS = 500;

export const match: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: { all: { type: 'boolean', default: false }, format: { type: 'string', default: 'text' } },
    allowPositionals: true,
  });
  const [what = '', ...about] = positionals;
  const order = readOrder(what, about);
  try {
    const house = await openHouse(tools.config(), tools.now, tools.terminal.say, { name: 'herald-match' });
    try {
      if (order.kind === 'list') {
        list(await readRules(house.db.sql, { all: values.all }), values.format, tools);
        return 0;
      }
      if (order.kind === 'undo') {
        await undoRule(house.db, order.id);
        tools.terminal.out(`rule ${order.id}\ttaken back\n`);
      } else {
        const id = await addRule(house.db, order.kind, order.one, order.other);
        tools.terminal.out(`rule ${id}\t${order.kind}\t${nameOf(order.one)}\t${nameOf(order.other)}\n`);
      }
      await count(house, tools);
      return 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

type Order =
  | { kind: 'list' }
  | { kind: 'undo'; id: number }
  | { kind: 'join' | 'split'; one: AccountRef; other: AccountRef };

function readOrder(what: string, about: readonly string[]): Order {
  if (what === 'list') return { kind: 'list' };
  if (what === 'undo' && /^\d{1,9}$/.test(about[0] ?? '')) return { kind: 'undo', id: Number(about[0]) };
  if ((what === 'join' || what === 'split') && about.length === 2)
    return { kind: what, one: readRef(about[0]!), other: readRef(about[1]!) };
  throw new HeraldError(
    'ask',
    'Say "herald match join salesforce:0015g000 billing:42" (one customer), "herald match split …" (never one), "herald match undo 3" or "herald match list".',
  );
}

/** "billing:42"; ids may hold colons. */
function readRef(text: string): AccountRef {
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1)
    throw new HeraldError('ask', `"${text}" is no account. Write its system and its id: billing:42.`);
  return { system: text.slice(0, colon), id: text.slice(colon + 1) };
}

function list(rules: readonly MatchRule[], format: string, { terminal }: Tools): void {
  if (format === 'json') terminal.out(`${JSON.stringify(rules, null, 2)}\n`);
  else if (rules.length === 0) terminal.out('no rules\n');
  else for (const rule of rules) terminal.out(`${lineOf(rule)}\n`);
}

function lineOf({ id, kind, one, other, madeAt, undoneAt }: MatchRule): string {
  const pair = [one, other].map((ref) => plainText(nameOf(ref), 120));
  const taken = undoneAt ? [`taken back ${undoneAt.toISOString()}`] : [];
  return [id, kind, ...pair, madeAt.toISOString(), ...taken].join('\t');
}

/** Numbers follow at once; while another process counts, it sees the rule too. */
async function count(house: House, tools: Tools): Promise<void> {
  const workshop = createWorkshop(house, tools);
  while (!(await consume(workshop))) await pause(PAUSE_MS);
}
