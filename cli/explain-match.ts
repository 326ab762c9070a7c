/** `herald explain-match SYSTEM ID [--format json]`: which company a record belongs to, what else does, and why. */
import { parseArgs } from 'node:util';
import type { Queryable } from '../db/client.ts';
import { HeraldError } from '../platform/errors.ts';
import { plainText } from '../render/plain-text.ts';
import { nameOf, readRules } from '../sync/resolve/rules.ts';
import { asHeraldError, openHouse } from './house.ts';
import type { Verb } from './verb.ts';

export type CompanyMatch = {
  company: { id: number; name: string | null };
  /** Every account that is this company, with the reason for which it was joined. */
  records: { system: string; id: string; name: string | null; domain: string | null; reason: string }[];
  /** Accounts that people keep out of it. */
  apart: { rule: number; account: string; from: string }[];
};

export const explainMatch: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: { format: { type: 'string', default: 'text' } },
    allowPositionals: true,
  });
  const [system, id] = positionals;
  if (!system || !id)
    throw new HeraldError('ask', 'Which record? "herald explain-match salesforce 0015g00000XXXXXAAA".');
  const { terminal } = tools;
  try {
    const house = await openHouse(tools.config(), tools.now, terminal.say, { max: 1, name: 'herald-match' });
    try {
      const match = await readMatch(house.db.sql, system, id);
      if (values.format === 'json') terminal.out(`${JSON.stringify(match, null, 2)}\n`);
      else {
        terminal.out(
          `${plainText(match.company.name ?? 'a company without a name')} (company ${match.company.id})\n`,
        );
        for (const record of match.records)
          terminal.out(
            `${record.system === system && record.id === id ? '→' : ' '} ${[record.system, record.id, record.name ?? '', record.domain ?? '', record.reason].map((cell) => plainText(cell, 120)).join('\t')}\n`,
          );
        for (const { rule, account, from } of match.apart)
          terminal.out(
            `  ${plainText(account, 120)} is never ${plainText(from, 120)}\tsaid by hand (rule ${rule})\n`,
          );
      }
      return 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

/** The company of an account and all of its accounts. Throws `ask` when there is none, saying what is known. */
export async function readMatch(sql: Queryable, system: string, id: string): Promise<CompanyMatch> {
  const [company] = await sql<CompanyMatch['company'][]>`
    select c.id, c.name from entity_link l join company c on c.id = l.company where l.tenant = 1 and l.system = ${system} and l.id = ${id}`;
  if (!company) {
    const [waiting] = await sql`select 1 from account where tenant = 1 and system = ${system} and id = ${id}`;
    throw new HeraldError(
      'ask',
      waiting
        ? `${system} ${id} is an account that has not been matched yet. "herald sync" matches it.`
        : `There is no account ${id} of ${system}. Give an account's id as its system shows it.`,
    );
  }
  const records = await sql<CompanyMatch['records']>`
    select l.system, l.id, a.name, a.domain, l.reason from entity_link l
    left join account a on a.tenant = l.tenant and a.system = l.system and a.id = l.id
    where l.tenant = 1 and l.company = ${company.id} order by l.system, l.id`;
  const own = new Set(records.map(nameOf));
  const apart = (await readRules(sql)).flatMap(({ id: rule, kind, one, other }) => {
    if (kind !== 'split') return [];
    const [mine, theirs] = own.has(nameOf(one)) ? [one, other] : [other, one];
    return own.has(nameOf(mine)) ? [{ rule, account: nameOf(theirs), from: nameOf(mine) }] : [];
  });
  return { company, records, apart };
}
