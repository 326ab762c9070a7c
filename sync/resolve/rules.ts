/**
 * Rules made by hand: two accounts that are one customer, whatever their names and domains say, or that never are. Each
 * is a version of the data of its own, as is taking it back, so that numbers are counted anew and stay answerable.
 */
import type { Database, Queryable, Transaction } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';

export type AccountRef = { system: string; id: string };

export type MatchRule = {
  id: number;
  kind: 'join' | 'split';
  one: AccountRef;
  other: AccountRef;
  madeAt: Date;
  /** Null while it holds. */
  undoneAt: Date | null;
};

/** Batches of this source say that rules changed. */
export const RULES = 'match';

/** All rules, or those that hold; oldest first. */
export async function readRules(sql: Queryable, options: { all?: boolean } = {}): Promise<MatchRule[]> {
  const rows = await sql<
    {
      id: number;
      kind: MatchRule['kind'];
      system: string;
      record_id: string;
      other_system: string;
      other_id: string;
      made_at: Date;
      undone_at: Date | null;
    }[]
  >`select id, kind, system, record_id, other_system, other_id, made_at, undone_at from match_rule
    where tenant = 1 and (${options.all ?? false} or undone_at is null) order by id`;
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    one: { system: row.system, id: row.record_id },
    other: { system: row.other_system, id: row.other_id },
    madeAt: row.made_at,
    undoneAt: row.undone_at,
  }));
}

/** Make a rule. Returns its number. Throws `ask` where the accounts are not known, or another rule speaks of them. */
export async function addRule(
  db: Database,
  kind: MatchRule['kind'],
  a: AccountRef,
  b: AccountRef,
): Promise<number> {
  if (nameOf(a) === nameOf(b))
    throw new HeraldError('ask', `${nameOf(a)} is one account. A rule is about two.`);
  const [one, other] = nameOf(a) < nameOf(b) ? [a, b] : [b, a];
  return db.inTransaction(async (tx) => {
    for (const { system, id } of [a, b]) {
      const [known] = await tx`select 1 from account where tenant = 1 and system = ${system} and id = ${id}`;
      if (!known)
        throw new HeraldError(
          'ask',
          `There is no account ${id} of ${system}. Give an account's id as its system shows it, e.g. salesforce:0015g00000XXXXXAAA.`,
        );
    }
    const [made] = await tx<{ id: number }[]>`
      insert into match_rule (kind, system, record_id, other_system, other_id)
      values (${kind}, ${one.system}, ${one.id}, ${other.system}, ${other.id}) on conflict do nothing returning id`;
    if (!made) {
      const held = (await readRules(tx)).find(
        (rule) => nameOf(rule.one) === nameOf(one) && nameOf(rule.other) === nameOf(other),
      );
      throw new HeraldError(
        'ask',
        held?.kind === kind
          ? `Rule ${held.id} says so already.`
          : `Rule ${held?.id} says the opposite. Take it back first: "herald match undo ${held?.id}".`,
      );
    }
    await tell(tx);
    return made.id;
  });
}

/** Take a rule back. Throws `ask` when there is none that holds. */
export async function undoRule(db: Database, id: number): Promise<void> {
  await db.inTransaction(async (tx) => {
    const done = await tx`
      update match_rule set undone_at = clock_timestamp() where tenant = 1 and id = ${id} and undone_at is null returning id`;
    if (done.length === 0)
      throw new HeraldError(
        'ask',
        `There is no rule ${id} that holds. "herald match list" shows those there are.`,
      );
    await tell(tx);
  });
}

async function tell(tx: Transaction): Promise<void> {
  await tx`insert into change_batch (source, stream) values (${RULES}, 'rules')`;
}

export const nameOf = ({ system, id }: AccountRef) => `${system}:${id}`;
