/** What a source says that its platform does not show, kept as findings. */
import type { Queryable } from '../../db/client.ts';
import { driftRules } from '../quality/rules/drift.ts';
import { openFindings, resolveFindings } from '../quality/write-findings.ts';
import type { Lack, Source, Stream } from '../source.ts';

const rules = { hidden: driftRules.unseen, incomplete: driftRules.incomplete };

/** Returns what was not known before, in words. */
export async function watchLacks(
  sql: Queryable,
  { source, stream, now }: { source: Pick<Source, 'name'>; stream: Stream; now: Date },
  lacks: readonly Lack[],
): Promise<string[]> {
  const place = { system: source.name, stream: stream.name, table: stream.table };
  const said: string[] = [];
  for (const kind of ['hidden', 'incomplete'] as const) {
    const ofKind = lacks.filter((lack) => lack.kind === kind);
    const seen = ofKind.flatMap(({ subject, sentence }) =>
      sentence === null ? [] : [{ ...place, subject, sentence }],
    );
    said.push(...(await openFindings(sql, rules[kind], seen, now)).map(({ sentence }) => sentence));
    const over = ofKind.flatMap(({ subject, sentence }) => (sentence === null ? [subject] : []));
    if (over.length > 0)
      await resolveFindings(sql, [rules[kind]], { system: source.name, subjects: over, now });
  }
  return said;
}
