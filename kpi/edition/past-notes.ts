/** What an answer as of a past day must say besides its number. */
import type { Queryable } from '../../db/client.ts';
import { sourcesBehind } from '../behind/sources-behind.ts';
import type { KpiDefinition } from '../definition.ts';
import type { EngineSettings } from '../settings.ts';
import { numberOf } from './keep-kpis.ts';

/** `past`: the definition that was in force; `present`: today's. */
export async function pastNotes(
  sql: Queryable,
  { past, present, asOf }: { past: KpiDefinition; present: KpiDefinition; asOf: number },
  settings: EngineSettings,
): Promise<string[]> {
  const behind = sourcesBehind(present, settings);
  const rows = await sql<{ name: string }[]>`
    select s.name from unnest(${behind.map(({ name }) => name)}::text[]) as s(name)
    where not exists (select from change_batch b where b.source = s.name and b.seq <= ${asOf})`;
  const unread = new Set(rows.map((row) => row.name));
  return [
    ...(numberOf(past) === numberOf(present)
      ? []
      : [
          past.version === present.version
            ? 'By the definition that was in force then; today’s is another.'
            : `By the definition that was in force then (version ${past.version}); today’s is version ${present.version}.`,
        ]),
    ...behind
      .filter(({ name }) => unread.has(name))
      .map(({ title }) => `${title} had not been read by then: its records are not in it.`),
  ];
}
