/**
 * Accounts → companies by union-find over shared keys, independent of the order in which accounts arrive.
 *
 * What people said goes first: accounts that they joined are one, and those that they split are never in one company,
 * whatever else would join them, other rules included. Ids join always: a system said so itself. Domains and names join only while the result holds no two accounts of one
 * system (a parent and its subsidiary share a domain and are still two customers).
 */
import { type AccountRow, type Key, keysOf } from './keys.ts';
import { type MatchRule, nameOf } from './rules.ts';

export type Match = { members: AccountRow[]; reasons: Map<AccountRow, string> };

/** Systems by how much their word counts for a company's attributes. */
const precedence = ['salesforce', 'billing', 'hubspot', 'zendesk', 'intercom'];
const rank = (system: string) => {
  const at = precedence.indexOf(system);
  return at < 0 ? precedence.length : at;
};

export const bySystemThenId = (a: AccountRow, b: AccountRow) =>
  rank(a.system) - rank(b.system) ||
  (a.system < b.system ? -1 : a.system > b.system ? 1 : 0) ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

type Join = { strength: Key['strength'] | 'rule'; reason: string };

export function matchAccounts(
  accounts: readonly AccountRow[],
  rules: readonly Pick<MatchRule, 'id' | 'kind' | 'one' | 'other'>[] = [],
): Match[] {
  const rows = [...accounts].sort(bySystemThenId);
  const parent = rows.map((_row, at) => at);
  const systems = rows.map((row) => new Set([row.system]));
  const reasons = new Map<AccountRow, string>(rows.map((row) => [row, 'own id']));
  const find = (at: number): number => {
    let root = at;
    while (parent[root] !== root) root = parent[root]!;
    for (let walk = at; parent[walk] !== root; ) {
      const next = parent[walk]!;
      parent[walk] = root;
      walk = next;
    }
    return root;
  };
  const at = new Map(
    rows.length > 0 && rules.length > 0 ? rows.map((row, place) => [nameOf(row), place]) : [],
  );
  const pairs = rules.flatMap(({ id, kind, one, other }) => {
    const [a, b] = [at.get(nameOf(one)), at.get(nameOf(other))];
    return a === undefined || b === undefined ? [] : [{ id, kind, a, b }];
  });
  /** By root: accounts that its company may not hold. */
  const foes = new Map<number, number[]>();
  const setApart = (a: number, b: number) => foes.set(a, [...(foes.get(a) ?? []), b]);
  for (const { kind, a, b } of pairs)
    if (kind === 'split') {
      setApart(a, b);
      setApart(b, a);
    }
  const join = (a: number, b: number, { strength, reason }: Join): void => {
    const [low, high] = [Math.min(find(a), find(b)), Math.max(find(a), find(b))];
    if (low === high) return;
    const isWeak = strength === 'domain' || strength === 'name';
    if (isWeak && [...systems[high]!].some((system) => systems[low]!.has(system))) return;
    if ((foes.get(high) ?? []).some((foe) => find(foe) === low)) return;
    parent[high] = low;
    for (const system of systems[high]!) systems[low]!.add(system);
    for (const foe of foes.get(high) ?? []) setApart(low, foe);
    reasons.set(rows[Math.max(a, b)]!, reason);
  };
  for (const { id, kind, a, b } of pairs)
    if (kind === 'join') join(a, b, { strength: 'rule', reason: `joined by hand (rule ${id})` });
  for (const strength of ['id', 'domain', 'name'] as const) {
    const holders = new Map<string, number[]>();
    rows.forEach((row, at) => {
      for (const key of keysOf(row)) {
        if (key.strength !== strength) continue;
        const list = holders.get(key.key);
        if (list) list.push(at);
        else holders.set(key.key, [at]);
      }
    });
    for (const [key, list] of [...holders].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const reason = strength === 'id' ? 'one system names the other' : key.replace('\u0000', ' ');
      for (const at of list.slice(1)) join(list[0]!, at, { strength, reason });
    }
  }
  const groups = new Map<number, AccountRow[]>();
  rows.forEach((row, at) => {
    const root = find(at);
    const group = groups.get(root);
    if (group) group.push(row);
    else groups.set(root, [row]);
  });
  return [...groups.values()].map((members) => ({
    members,
    reasons: new Map(members.map((row) => [row, reasons.get(row)!])),
  }));
}

/** A company's attribute: what the system whose word counts most says. Members are in order of precedence. */
export function firstSaid(
  members: readonly AccountRow[],
  field: 'name' | 'region' | 'segment' | 'owner' | 'source',
): string | null {
  for (const member of members) if (member[field]) return member[field];
  return null;
}
