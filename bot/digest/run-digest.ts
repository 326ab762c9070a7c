/** One digest for one slot: gate, composition, and the outbox rows of all its targets in one transaction. */
import type { Database } from '../../db/client.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { Painter } from '../../render/picture/painter.ts';
import type { Directory } from '../access/directory.ts';
import type { Answerer } from '../commands/answer-text.ts';
import { type NewBlob, type NewDelivery, putDeliveries } from '../delivery/enqueue.ts';
import { type DeliveryStatus, readDeliveries } from '../delivery/status.ts';
import { targetRights } from '../delivery/target.ts';
import type { Host } from '../transports/teams/picture-address.ts';
import { type Composed, composeDigest } from './compose-digest.ts';
import { type DigestDefinition, readDefinition } from './definition.ts';
import { createStudies } from './studies.ts';
import { writeDigest } from './write-digest.ts';

export type DigestRunnerOptions = {
  db: Database;
  /** An answerer that stands at an instant. */
  answererAt: (now: Date) => Answerer;
  engine: EngineSettings;
  directory: Directory;
  paint: Pick<Painter, 'svg' | 'png'>;
  /** The outbox's `kick`: looks now for what was put in. */
  kick: () => void;
  host?: Host;
  log: Log;
};

export type DigestRun =
  | { kind: 'written'; slot: Date; deliveries: readonly DeliveryStatus[] }
  /** A source is behind at the slot; nothing was written. */
  | { kind: 'waiting'; slot: Date; stale: readonly string[] };

export type DigestRunner = {
  /**
   * Compose and put into the outbox; repeated for the same slot it changes nothing. A scheduled one says when it is
   * late, and is put off while a source is behind and patience is left; then it goes out and says what is missing.
   */
  run(
    name: string,
    slot: Date | 'now',
    options?: { scheduled?: { patienceSeconds: number } },
  ): Promise<DigestRun>;
};

const lateAfterSeconds = 2 * 3600;

type Schedule = { definition: DigestDefinition; timeZone: string; now: Date };

export function createDigestRunner(options: DigestRunnerOptions): DigestRunner {
  const { db, paint, kick, host = null, log } = options;

  async function write(schedule: Schedule, slot: Date, composed: readonly ForTarget[]): Promise<void> {
    const { definition, timeZone } = schedule;
    const deliveries: NewDelivery[] = [];
    const blobs: NewBlob[] = [];
    for (const { target, made } of composed) {
      const audience = { areas: made?.areas ?? [], role: definition.role };
      if (made === null) {
        const blocked = `Its readers may see none of its KPIs. Give ${target.kind}:${target.to} a role in the configuration.`;
        deliveries.push({ kind: 'digest', topic: definition.name, slot, target, audience, blocked });
        continue;
      }
      const written = await writeDigest({
        digest: made.digest,
        name: definition.name,
        slot,
        timeZone,
        target,
        audience,
        paint,
        host,
        log,
      });
      deliveries.push(...written.deliveries);
      blobs.push(...written.blobs);
    }
    await db.inTransaction((tx) => putDeliveries(tx, deliveries, blobs));
  }

  return {
    async run(name, asked, { scheduled } = {}) {
      const schedule = await readSchedule(db, name);
      const slot = asked === 'now' ? schedule.now : asked;
      const known = await readDeliveries(db, { topic: name, slot });
      if (known.length === 0) {
        const sinceSlot = (schedule.now.getTime() - slot.getTime()) / 1000;
        const lateNote = scheduled ? lateNoteOf(slot, sinceSlot, schedule.timeZone) : null;
        const composed = await composeAll({ ...options, schedule, slot, lateNote });
        const stale = [...new Set(composed.flatMap(({ made }) => made?.stale ?? []))];
        if (stale.length > 0 && (scheduled?.patienceSeconds ?? 0) > 0)
          return { kind: 'waiting', slot, stale };
        await write(schedule, slot, composed);
        kick();
      }
      return { kind: 'written', slot, deliveries: await readDeliveries(db, { topic: name, slot }) };
    },
  };
}

type ForTarget = { target: DigestDefinition['targets'][number]; made: Composed | null };

/** A digest for each set of rights among the targets: most targets share one. */
async function composeAll({
  db,
  engine,
  answererAt,
  directory,
  schedule,
  slot,
  lateNote,
}: DigestRunnerOptions & { schedule: Schedule; slot: Date; lateNote: string | null }): Promise<ForTarget[]> {
  const { definition, timeZone } = schedule;
  const answerer = answererAt(slot);
  const unusual = await readUnusual(db, slot);
  const last = await readEarlier(db, definition.name, slot);
  const earlier = last ? { answerer: answererAt(last.slot), writtenAt: last.writtenAt } : null;
  const made = new Map<string, Composed | null>();
  const all: ForTarget[] = [];
  for (const target of definition.targets) {
    const rights = targetRights(directory, target, definition.role);
    const key = [...rights.permissions].sort().join(' ');
    if (!made.has(key))
      made.set(
        key,
        await composeDigest({
          answerer,
          studies: createStudies(db, engine, slot),
          definition,
          rights,
          now: slot,
          timeZone,
          unusual,
          earlier,
          lateNote,
        }),
      );
    all.push({ target, made: made.get(key) ?? null });
  }
  return all;
}

async function readSchedule(db: Database, name: string): Promise<Schedule> {
  const [row] = await db.sql<{ definition: unknown; time_zone: string; now: Date }[]>`
    select definition, time_zone, date_trunc('second', clock_timestamp()) as now from schedule where name = ${name} and kind = 'digest'`;
  if (row) return { definition: readDefinition(name, row.definition), timeZone: row.time_zone, now: row.now };
  const others = await db.sql<
    { name: string }[]
  >`select name from schedule where kind = 'digest' order by name`;
  const known = others.map((one) => one.name).join(', ') || 'none; add one under "digests" in herald.yaml';
  throw new HeraldError('ask', `There is no digest "${name}". There is ${known}.`);
}

/** Incidents of the week before the slot. */
async function readUnusual(db: Database, slot: Date): Promise<{ text: string; area: string }[]> {
  const rows = await db.sql<{ area: string; finding: { text?: string } }[]>`
    select area, finding from incident
    where state in ('open', 'watch') and at <= ${slot}::timestamptz + interval '1 hour' and started_on >= to_char(${slot}::timestamptz - interval '8 days', 'YYYY-MM-DD')
    order by started_on desc, key`;
  return rows.flatMap(({ area, finding }) => (finding.text ? [{ area, text: finding.text }] : []));
}

async function readEarlier(
  db: Database,
  name: string,
  slot: Date,
): Promise<{ slot: Date; writtenAt: Date } | null> {
  const [row] = await db.sql<{ slot: Date; at: Date }[]>`
    select slot, min(created_at) as at from outbox where topic = ${name} and kind = 'digest' and slot < ${slot} and state = 'sent'
    group by slot order by slot desc limit 1`;
  return row ? { slot: row.slot, writtenAt: row.at } : null;
}

function lateNoteOf(slot: Date, sinceSeconds: number, timeZone: string): string | null {
  if (sinceSeconds <= lateAfterSeconds) return null;
  const due = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
  }).format(slot);
  return `Sent ${Math.round(sinceSeconds / 3600)} h late: it was due ${due} (${timeZone}). Its figures are those of then.`;
}
