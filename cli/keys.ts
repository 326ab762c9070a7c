/** `herald keys create NAME [--scope …] [--days N] | list | rotate ID [--grace-hours N] | revoke ID`: keys of programs that call Herald over HTTP. */
import { parseArgs } from 'node:util';
import { areas } from '../bot/access/roles.ts';
import { HeraldError } from '../platform/errors.ts';
import { type ApiKey, createKeyRing, type FreshKey, type KeyRing } from '../platform/keys.ts';
import { plainText } from '../render/plain-text.ts';
import { asHeraldError, openHouse } from './house.ts';
import type { Tools, Verb } from './verb.ts';

/** What a key can be made for. */
export const keyScopes: readonly string[] = [
  'runs:read',
  'runs:write',
  ...areas.map((area) => `read:${area}`),
  'export',
];
/** A key that nobody rotates ends within the year. */
const DAYS = '365';
const GRACE_HOURS = '24';

export const keys: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: {
      scope: { type: 'string', multiple: true, default: ['runs:read'] },
      days: { type: 'string', default: DAYS },
      'grace-hours': { type: 'string', default: GRACE_HOURS },
      format: { type: 'string', default: 'text' },
    },
    allowPositionals: true,
  });
  const [what, which] = positionals;
  const days = wholeNumber('--days', values.days, 3650) || null;
  const graceHours = wholeNumber('--grace-hours', values['grace-hours'], 24 * 30);
  const work: Record<string, (ring: KeyRing) => Promise<number>> = {
    list: async (ring) => show(await ring.list(), values.format === 'json', tools),
    create: async (ring) => {
      const unknown = values.scope.find((scope) => !keyScopes.includes(scope));
      if (unknown !== undefined)
        throw new HeraldError('ask', `There is no scope "${unknown}". Choose ${keyScopes.join(', ')}.`);
      if (!which?.trim())
        throw new HeraldError('ask', 'Name the key after what uses it: "herald keys create airflow".');
      return hand(await ring.create({ name: which, scopes: [...new Set(values.scope)], days }), tools);
    },
    rotate: async (ring) => {
      const fresh = await ring.rotate(idOf(which), { days, graceHours });
      tools.terminal.say(`The old key works for another ${graceHours} h.`);
      return hand(fresh, tools);
    },
    revoke: async (ring) => {
      if (!(await ring.revoke(idOf(which))))
        throw new HeraldError('ask', `There is no living key ${which}. "herald keys list" shows them.`);
      tools.terminal.say(`Key ${which} is revoked.`);
      return 0;
    },
  };
  const chosen = Object.hasOwn(work, what ?? '') ? work[what!] : undefined;
  if (!chosen)
    throw new HeraldError(
      'ask',
      'Say "keys create NAME", "keys list", "keys rotate ID" or "keys revoke ID".',
    );
  try {
    const house = await openHouse(tools.config(), tools.now, tools.terminal.say, {
      max: 1,
      name: 'herald-keys',
    });
    try {
      return await chosen(createKeyRing(house.db));
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

/** The key alone goes to stdout, so that a script can keep it. */
function hand({ id, key }: FreshKey, { terminal }: Tools): number {
  terminal.say(`Key ${id}. It is shown this once; keep it where secrets are kept.`);
  terminal.out(`${key}\n`);
  return 0;
}

function show(list: readonly ApiKey[], json: boolean, { terminal, now }: Tools): number {
  if (json) {
    terminal.out(`${JSON.stringify(list, null, 2)}\n`);
    return 0;
  }
  const day = (at: Date | null) => at?.toISOString().slice(0, 16) ?? 'never';
  const at = now();
  for (const key of list) {
    const state = key.revokedAt
      ? `revoked ${day(key.revokedAt)}`
      : key.expiresAt && key.expiresAt <= at
        ? `expired ${day(key.expiresAt)}`
        : `until ${day(key.expiresAt)}`;
    terminal.out(
      `${key.id}\t${key.prefix}…\t${plainText(key.name)}\t${key.scopes.join(',')}\t${state}\tlast used ${day(key.lastUsedAt)}\n`,
    );
  }
  if (list.length === 0) terminal.say('There is no key yet: "herald keys create NAME" makes one.');
  return 0;
}

function idOf(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text))
    throw new HeraldError('ask', 'Which key? Give its number from "herald keys list".');
  return Number(text);
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most)
    throw new HeraldError('ask', `${option} takes a whole number up to ${most}, not "${text}".`);
  return value;
}
