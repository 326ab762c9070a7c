/**
 * Accounts → companies by union-find over shared keys, independent of the order in which accounts arrive.
 *
 * What people said goes first: accounts that they joined are one, and those that they split are never in one company,
 * whatever else would join them, other rules included. Ids join always: a system said so itself. Then accounts that
 * share domain and name; then a domain or a name alone, and that only where it joins all who have it: if two of them
 * cannot be one (evidence.ts), it does not say which of them the others are. A wrong join is a wrong number, a missing
 * one is seen and mended by hand.
 */
import { type Evidence, evidenceOf, mayBeOne, together } from './evidence.ts';
import { type AccountRow, keysOf, partsOf, type Strength } from './keys.ts';
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

/** `by`: what it leans on, where evidence may speak against it. */
type Join = { by: 'word' | 'domain' | 'name'; reason: string };
type Edge = { a: number; b: number; reason: string };

export function matchAccounts(
  accounts: readonly AccountRow[],
  rules: readonly Pick<MatchRule, 'id' | 'kind' | 'one' | 'other'>[] = [],
): Match[] {
  const rows = [...accounts].sort(bySystemThenId);
  const parent = rows.map((_row, at) => at);
  const parts = rows.map(partsOf);
  const evidence: Evidence[] = rows.map((row, at) => evidenceOf(row, parts[at]!));
  const edges: Edge[] = [];
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
  const join = (a: number, b: number, { by, reason }: Join): void => {
    const [low, high] = [Math.min(find(a), find(b)), Math.max(find(a), find(b))];
    if (low === high) return;
    if (by !== 'word' && !mayBeOne(evidence[low]!, evidence[high]!, by)) return;
    if ((foes.get(high) ?? []).some((foe) => find(foe) === low)) return;
    parent[high] = low;
    evidence[low] = together(evidence[low]!, evidence[high]!);
    for (const foe of foes.get(high) ?? []) setApart(low, foe);
    edges.push({ a, b, reason });
  };
  /** Whether any two companies that hold a key cannot be one. */
  const isAmbiguous = (holders: readonly number[], by: 'domain' | 'name'): boolean => {
    let all: Evidence | null = null;
    const roots = [...new Set(holders.map(find))];
    // The systems of all differ, or two share one: so there are few.
    for (const root of roots) {
      if (all && evidence[root]!.systems.some((system) => all!.systems.includes(system))) return true;
      all = all ? together(all, evidence[root]!) : evidence[root]!;
    }
    return roots.some((a, at) => roots.slice(at + 1).some((b) => !mayBeOne(evidence[a]!, evidence[b]!, by)));
  };
  for (const { id, kind, a, b } of pairs)
    if (kind === 'join') join(a, b, { by: 'word', reason: `joined by hand (rule ${id})` });
  const keys = rows.map((row, at) => keysOf(row, parts[at]));
  for (const strength of ['id', 'both', 'domain', 'name'] as const satisfies readonly Strength[]) {
    const by = strength === 'id' ? 'word' : strength === 'name' ? 'name' : 'domain';
    const holders = new Map<string, { reason: string; list: number[] }>();
    keys.forEach((own, at) => {
      for (const { key, reason, ...more } of own) {
        if (more.strength !== strength) continue;
        const held = holders.get(key);
        if (held) held.list.push(at);
        else holders.set(key, { reason, list: [at] });
      }
    });
    for (const [, { list, reason }] of [...holders].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (list.length < 2) continue;
      if (by !== 'word' && strength !== 'both' && isAmbiguous(list, by)) continue;
      const said = strength === 'id' ? 'one system names the other' : reason;
      for (const at of list.slice(1)) join(list[0]!, at, { by, reason: said });
    }
  }
  const reasons = explain(rows, edges);
  const groups = new Map<number, AccountRow[]>();
  rows.forEach((row, at) => {
    const root = find(at);
    const group = groups.get(root);
    if (group) group.push(row);
    else groups.set(root, [row]);
  });
  return [...groups.values()].map((members) => ({
    members,
    reasons: new Map(members.map((row) => [row, reasons.get(row) ?? 'own id'])),
  }));
}

/** Why each belongs: what it shares with another one, nearer to the first account of the company, which stands for itself. */
function explain(rows: readonly AccountRow[], edges: readonly Edge[]): Map<AccountRow, string> {
  const near = new Map<number, { to: number; reason: string }[]>();
  for (const { a, b, reason } of edges) {
    near.set(a, [...(near.get(a) ?? []), { to: b, reason }]);
    near.set(b, [...(near.get(b) ?? []), { to: a, reason }]);
  }
  const reasons = new Map<AccountRow, string>();
  for (const first of rows.keys()) {
    if (reasons.has(rows[first]!)) continue;
    reasons.set(rows[first]!, 'own id');
    const reached = [first];
    for (const at of reached)
      for (const { to, reason } of near.get(at) ?? [])
        if (!reasons.has(rows[to]!)) {
          reasons.set(rows[to]!, reason);
          reached.push(to);
        }
  }
  return reasons;
}

/** A company's attribute: what the system whose word counts most says. Members are in order of precedence. */
export function firstSaid(
  members: readonly AccountRow[],
  field: 'name' | 'region' | 'segment' | 'owner' | 'source',
): string | null {
  for (const member of members) if (member[field]) return member[field];
  return null;
}
