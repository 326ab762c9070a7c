/**
 * What a stream's records look like, batch by batch: a few are sampled, and what changed in their form is found and
 * said. The stream goes on with what it understands; nothing here decides what is loaded.
 */
import type { Database, Queryable } from '../../db/client.ts';
import type { WatchRule } from '../quality/rule.ts';
import { driftRules } from '../quality/rules/drift.ts';
import { openFindings, resolveFindings, type Seen } from '../quality/write-findings.ts';
import { ReadFault, type Source, type SourceRecord, type Stream } from '../source.ts';
import { compareShape, type Field } from './compare-shape.ts';
import { isNeeded } from './is-needed.ts';

export type LoadedBatch = {
  source: Pick<Source, 'name' | 'title'>;
  stream: Stream;
  records: readonly SourceRecord[];
  changed: number;
  quarantined: number;
  now: Date;
};

/** Records looked at per batch: a form changes for all of them at once. */
const SAMPLE = 20;
/** Records with which a mapping is tried for what it needs. */
const TRIED = 3;
/** A batch of which so many, and such a share, are not understood is a drift and not so many faults. */
const NOT_UNDERSTOOD = { share: 0.5, least: 20 };
/** What touches no number is shown for a week. */
const SHOWN_MS = 7 * 86_400_000;

/** Look at what was just loaded. Returns what drifted and was not known to have, in words. */
export async function watchDrift(db: Database, batch: LoadedBatch): Promise<string[]> {
  // What did not change has been looked at before.
  if (batch.changed === 0) return [];
  const sample = sampleOf(batch.records);
  return db.inTransaction(async (tx) => {
    const opened = [...(await watchUnderstanding(tx, batch)), ...(await watchForm(tx, batch, sample))];
    return opened.map(({ sentence }) => sentence);
  });
}

/** A stream that its system hides from Herald is told like a drift; returns the words for it, or null. */
export async function watchRefusal(
  db: Database,
  { source, stream, now }: Pick<LoadedBatch, 'source' | 'stream' | 'now'>,
  error: unknown,
): Promise<string | null> {
  if (!(error instanceof ReadFault && error.kind === 'permission_denied')) return null;
  const seen = {
    system: source.name,
    stream: stream.name,
    table: stream.table,
    subject: stream.name,
    sentence: error.message,
  };
  const opened = await openFindings(db.sql, driftRules.hidden, [seen], now);
  return opened[0]?.sentence ?? null;
}

/** A stream that was read is not hidden any more. */
export async function forgetRefusals(
  db: Database,
  source: string,
  streams: readonly string[],
  now: Date,
): Promise<void> {
  await resolveFindings(db.sql, [driftRules.hidden], { system: source, subjects: streams, now });
}

async function watchUnderstanding(tx: Queryable, batch: LoadedBatch): Promise<Seen[]> {
  const { source, stream, changed, quarantined, now } = batch;
  const subject = stream.name;
  if (quarantined < NOT_UNDERSTOOD.least || quarantined < NOT_UNDERSTOOD.share * changed) {
    if (quarantined < NOT_UNDERSTOOD.share * changed)
      await resolveFindings(tx, [driftRules.notUnderstood], {
        system: source.name,
        subjects: [subject],
        now,
      });
    return [];
  }
  const sentence = `${source.title} ${stream.name}: ${quarantined} of ${changed} records are not understood since ${atMinute(now)}: the schema drifted. They are kept; see "herald quarantine list --source ${source.name}".`;
  return openFindings(
    tx,
    driftRules.notUnderstood,
    [{ system: source.name, stream: stream.name, table: stream.table, subject, sentence }],
    now,
  );
}

async function watchForm(tx: Queryable, batch: LoadedBatch, sample: readonly unknown[]): Promise<Seen[]> {
  if (sample.length === 0) return [];
  const { source, stream, now } = batch;
  const [shape] = await tx<
    { sampled: number }[]
  >`select sampled from stream_shape where source = ${source.name} and stream = ${stream.name}`;
  const known = await tx<Field[]>`
    select path, types, type, needed, seen, at_record from stream_field where source = ${source.name} and stream = ${stream.name}`;
  const sampled = shape?.sampled ?? 0;
  const tried = sample.slice(0, TRIED);
  const { drifts, fields } = compareShape(
    new Map(known.map((field) => [field.path, field])),
    sampled,
    sample,
    (path) => isNeeded(stream, tried, path),
  );
  const since = `since ${atMinute(now)}`;
  const place = `${source.title} ${stream.name}`;
  const news = new Map<WatchRule, Seen[]>();
  const add = (rule: WatchRule, path: string, sentence: string) =>
    news.set(rule, [
      ...(news.get(rule) ?? []),
      {
        system: source.name,
        stream: stream.name,
        table: stream.table,
        subject: `${stream.name}.${path}`,
        sentence,
      },
    ]);
  const back: string[] = [];
  for (const drift of drifts) {
    const { path, needed } = drift.field;
    const name = path.slice(0, 80);
    if (drift.kind === 'gone')
      add(
        needed ? driftRules.gone : driftRules.altered,
        path,
        `${place}: ${name} is missing ${since}: removed, renamed, or hidden from Herald's user.`,
      );
    else if (drift.kind === 'retyped')
      add(
        needed ? driftRules.retyped : driftRules.altered,
        path,
        `${place}: ${name} was ${drift.was}, is ${drift.is} ${since}.`,
      );
    else if (drift.kind === 'appeared') add(driftRules.appeared, path, `${place}: ${name} is new ${since}.`);
    else back.push(`${stream.name}.${path}`);
  }
  const mended = [driftRules.gone, driftRules.retyped, driftRules.altered];
  await resolveFindings(tx, mended, { system: source.name, subjects: back, now });
  const opened: Seen[] = [];
  for (const [rule, seen] of news) opened.push(...(await openFindings(tx, rule, seen, now)));
  await keepShape(tx, batch, sampled + sample.length, fields);
  await tx`
    update quality_finding set resolved_at = ${now} where resolved_at is null and system = ${source.name} and stream = ${stream.name}
      and rule = any(${[driftRules.altered.name, driftRules.appeared.name]}::text[]) and first_seen < ${new Date(now.getTime() - SHOWN_MS)}`;
  return opened;
}

async function keepShape(
  tx: Queryable,
  { source, stream, now }: LoadedBatch,
  sampled: number,
  fields: readonly Field[],
): Promise<void> {
  await tx`
    insert into stream_shape (source, stream, sampled) values (${source.name}, ${stream.name}, ${sampled})
    on conflict (source, stream) do update set sampled = excluded.sampled`;
  const rows = fields.map((field) => ({
    ...field,
    source: source.name,
    stream: stream.name,
    last_seen: now.toISOString(),
  }));
  await tx`
    insert into stream_field select * from jsonb_populate_recordset(null::stream_field, ${JSON.stringify(rows)}::text::jsonb)
    on conflict (source, stream, path) do update set types = excluded.types, type = excluded.type, needed = excluded.needed,
      seen = excluded.seen, at_record = excluded.at_record, last_seen = excluded.last_seen`;
}

/** Records spread over the batch, its newest among them. */
function sampleOf(records: readonly SourceRecord[]): unknown[] {
  const upserts = records.flatMap((record) => (record.op === 'upsert' ? [record.payload] : []));
  const step = Math.max(1, Math.ceil(upserts.length / SAMPLE));
  return upserts.flatMap((payload, at) => {
    if ((upserts.length - 1 - at) % step !== 0) return [];
    try {
      return [JSON.parse(payload) as unknown];
    } catch {
      // The loader has put it into quarantine with the reason.
      return [];
    }
  });
}

const atMinute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
