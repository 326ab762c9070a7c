/**
 * Working hours that a source keeps itself, read once an hour beside its streams and kept for the consumer that lays
 * them out, wherever that runs. A source that cannot give them (its plan has none, its user may not see them) is read
 * as ever: they are no record, and nothing is counted wrong without them.
 */
import type { Database } from '../../db/client.ts';
import type { NamedSchedules, ReadContext, Source } from '../source.ts';

const EVERY_MS = 3_600_000;
/** In this process: a new one asks again. */
const readAt = new WeakMap<Source, number>();

export async function followSchedules(db: Database, source: Source, context: ReadContext): Promise<void> {
  if (!source.schedules) return;
  const at = context.now().getTime();
  if (at - (readAt.get(source) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
  try {
    await keep(db, source.name, await source.schedules(context));
    readAt.set(source, at);
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.log.warn(
      { source: source.name, err: (error as Error).message },
      'its working hours could not be read; those of before stay',
    );
    readAt.set(source, at);
  }
}

async function keep(db: Database, source: string, schedules: NamedSchedules): Promise<void> {
  const names = Object.keys(schedules);
  await db.inTransaction(async (tx) => {
    await tx`delete from source_schedule where source = ${source} and name <> all(${names}::text[])`;
    for (const name of names)
      await tx`
        insert into source_schedule (source, name, definition) values (${source}, ${name}, ${JSON.stringify(schedules[name])})
        on conflict (tenant, source, name) do update set definition = excluded.definition`;
  });
}
