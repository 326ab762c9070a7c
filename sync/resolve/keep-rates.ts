/** Exchange rates of herald.yaml as rows like any other source's: logged, so that what they change is counted anew. */
import type { Database } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { UnifiedRow } from '../source.ts';
import { minorDigits } from '../sources/minor-digits.ts';

/** By currency: one rate for ever, or rates by the first day from which they hold. Units of the company's currency for one. */
export type ConfiguredRates = Record<string, number | Record<string, number>>;

const SYSTEM = 'configuration';

/**
 * Make the database hold exactly these. Idempotent and cheap when nothing changed.
 * @throws HeraldError `setup` when the company's currency is another than the one in which its amounts were kept
 */
export async function keepRates(db: Database, company: string, rates: ConfiguredRates): Promise<void> {
  const wanted = new Map(
    Object.entries(rates).flatMap(([currency, given]) => rowsOf(currency, given, company)),
  );
  const [kept] = await db.sql<{ currency: string | null; held: number }[]>`
    select (select value #>> '{}' from kpi_setting where name = 'company_currency') as currency,
      (select count(*)::int from exchange_rate where tenant = 1 and system = ${SYSTEM}) as held`;
  if (kept?.currency && kept.currency !== company)
    throw new HeraldError(
      'setup',
      `The amounts in this database are in ${kept.currency}, and company.currency is ${company}. Set it back to ${kept.currency}, or start with a new database.`,
    );
  if (kept?.currency === company && kept.held === 0 && wanted.size === 0) return;
  await db.inTransaction(async (tx) => {
    await tx`insert into kpi_setting (name, value) values ('company_currency', to_jsonb(${company}::text)) on conflict do nothing`;
    const held = await tx<{ id: string; day: string | null; rate: string }[]>`
      select id, day::text, rate::text from exchange_rate where tenant = 1 and system = ${SYSTEM} for update`;
    const same = new Set(
      held.filter(({ id, rate }) => Number(wanted.get(id)?.rate) === Number(rate)).map(({ id }) => id),
    );
    const out = held.map(({ id }) => id).filter((id) => !wanted.has(id));
    if (same.size === wanted.size && out.length === 0) return;
    const [batch] = await tx<{ id: number }[]>`
      insert into change_batch (source, stream) values (${SYSTEM}, 'rates') returning id`;
    // Whoever only asks need not load the writer.
    const { writeUnified } = await import('../unified.ts');
    const rows = new Map([...wanted].filter(([id]) => !same.has(id)));
    await writeUnified(tx, { table: 'exchange_rate', system: SYSTEM, batchId: batch!.id, rows, out });
  });
}

function rowsOf(
  currency: string,
  given: number | Record<string, number>,
  company: string,
): [string, UnifiedRow][] {
  const shift = minorDigits(company) - minorDigits(currency);
  const days = typeof given === 'number' ? [[null, given] as const] : Object.entries(given);
  return days.map(([day, rate]) => [
    `${currency}${day === null ? '' : ` ${day}`}`,
    { currency, home: company, day, rate: String(rate), inverse: null, shift },
  ]);
}
