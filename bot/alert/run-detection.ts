/** Detection → incidents, and a message for each new one: in one transaction, so that an episode is told once. */
import { createHash } from 'node:crypto';
import type { Database, Transaction } from '../../db/client.ts';
import type { Answer } from '../../kpi/answer.ts';
import { addDays, instantOf, today as todayIn } from '../../kpi/calendar.ts';
import type { Day } from '../../kpi/question.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import type { Log } from '../../platform/log.ts';
import type { Painter, Picture } from '../../render/picture/painter.ts';
import type { Directory } from '../access/directory.ts';
import { may, rightsOf } from '../access/roles.ts';
import type { Answerer } from '../commands/answer-text.ts';
import { type NewBlob, type NewDelivery, putDeliveries } from '../delivery/enqueue.ts';
import { type Target, targetRights } from '../delivery/target.ts';
import type { Host } from '../transports/teams/picture-address.ts';
import { findUnusual, type Unusual } from './find-unusual.ts';
import { writeAlert } from './write-alert.ts';

export type AlertSettings = {
  /** KPIs by name ("tickets_created"), or "*" for all; each rule tells its targets. */
  rules: readonly { kpis: readonly string[]; targets: readonly Target[] }[];
  /** Days on which the company rests. */
  holidays?: readonly Day[];
};

export type DetectionInput = {
  db: Database;
  engine: EngineSettings;
  settings: AlertSettings;
  answererAt: (now: Date) => Answerer;
  directory: Directory;
  paint: Pick<Painter, 'png'>;
  host?: Host;
  /** The outbox's `kick`. */
  kick?: () => void;
  log: Log;
  now: Date;
};

/** An incident that this run was the first to see, or that became serious enough to be told. */
export type Incident = { key: string; kpi: string; startedOn: Day; text: string; told: number };

/** Kept open in the digest's "Unusual" for a week after its last unusual day. */
const openDays = 7;

/** Gives the incidents told by this run; none when another worker was first. */
export async function runDetection(input: DetectionInput): Promise<Incident[]> {
  const { db, engine, now, settings } = input;
  const unusual = await findUnusual({
    db,
    engine,
    now,
    ...(settings.holidays ? { holidays: settings.holidays } : {}),
  });
  const told: Incident[] = [];
  for (const one of unusual) {
    const incident = await open(one, input);
    if (incident) told.push(incident);
  }
  await db.sql`
    update incident set state = 'closed'
    where state in ('open', 'watch') and finding->>'endedOn' < ${addDays(todayIn(now, engine.calendar), -openDays)}`;
  if (told.some((incident) => incident.told > 0)) input.kick?.();
  return told;
}

async function open(unusual: Unusual, input: DetectionInput): Promise<Incident | null> {
  const { db } = input;
  const { kpi, finding, text } = unusual;
  const key = `${kpi.name}:${finding.startedOn}:${finding.kind}`;
  const [known] = await db.sql<{ state: string }[]>`select state from incident where key = ${key}`;
  const news = finding.level === 'alert' && (!known || known.state === 'watch');
  // Drawn before the transaction, and only when it will be needed.
  const written = news ? await write(unusual, key, input) : null;
  return db.inTransaction(async (tx) => {
    const first = await record(tx, key, unusual);
    if (!first || !written) return null;
    await putDeliveries(tx, written.deliveries, written.blobs);
    await tx`
      insert into given_answer (id, question, asker) values (${written.answerId}, ${tx.json(written.answer.question as never)}, 'alert')
      on conflict (id) do nothing`;
    return { key, kpi: kpi.name, startedOn: finding.startedOn, text, told: written.deliveries.length };
  });
}

/** Write the incident down; true when this makes it worth telling. What people did to it (acknowledged, closed) stays. */
async function record(tx: Transaction, key: string, { kpi, finding, text }: Unusual): Promise<boolean> {
  const state = finding.level === 'alert' ? 'open' : 'watch';
  const [row] = await tx<{ was: string | null; is: string }[]>`
    insert into incident as i (key, kpi, area, started_on, state, finding, at)
    values (${key}, ${kpi.name}, ${kpi.area}, ${finding.startedOn}, ${state}, ${tx.json({ ...finding, text } as never)}, clock_timestamp())
    on conflict (key) do update set finding = excluded.finding,
      state = case when i.state = 'watch' and excluded.state = 'open' then 'open' else i.state end
    returning old.state as was, new.state as is`;
  return row!.is === 'open' && row!.was !== 'open';
}

type Written = { deliveries: NewDelivery[]; blobs: NewBlob[]; answer: Answer; answerId: string };

async function write(unusual: Unusual, key: string, input: DetectionInput): Promise<Written> {
  const { answererAt, directory, engine, settings, host = null, log, now } = input;
  const { kpi, finding } = unusual;
  const answerer = answererAt(now);
  // Asked with every right; each target's own are checked below, and again when it is sent.
  const answer = await answerer.answer(
    // The day itself: its chart is the four weeks up to it, its buttons split that day.
    answerer.parse(`${kpi.name.replaceAll('_', ' ')} on ${finding.day}`),
    rightsOf({ role: 'executive' }),
  );
  const answerId = `alert-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
  const slot = instantOf(finding.startedOn, engine.calendar.timeZone);
  const deliveries: NewDelivery[] = [];
  const blobs: NewBlob[] = [];
  for (const target of targetsOf(kpi.name, settings)) {
    if (!may(targetRights(directory, target, null), `read:${kpi.area}`)) {
      log.warn(
        { target: `${target.kind}:${target.to}`, kpi: kpi.name },
        'alert: this target may not see the KPI',
      );
      continue;
    }
    const picture = await draw(answer, unusual, target, input);
    const { payload, blobs: used } = await writeAlert({ unusual, answer, answerId, target, picture, host });
    deliveries.push({
      kind: 'alert',
      topic: key,
      slot,
      target,
      audience: { areas: [kpi.area], role: null },
      payload,
    });
    blobs.push(...used);
  }
  return { deliveries, blobs, answer, answerId };
}

async function draw(
  answer: Answer,
  { finding }: Unusual,
  target: Target,
  { paint, log }: DetectionInput,
): Promise<Picture | null> {
  try {
    const marked = {
      at: finding.day,
      reason: `usually ${Math.round(finding.expected).toLocaleString('en')}`,
    };
    return await paint.png(answer, target.kind === 'teams' ? { width: 1000, marked } : { marked });
  } catch (thrown) {
    log.error(
      { err: (thrown as Error).message, kpi: answer.kpi },
      'alert: the picture could not be drawn; the text goes alone',
    );
    return null;
  }
}

/** Each target once, whatever number of rules name it. */
function targetsOf(kpi: string, { rules }: AlertSettings): Target[] {
  const named = rules.filter(({ kpis }) =>
    kpis.some((name) => name === '*' || name.replaceAll(' ', '_') === kpi),
  );
  return [
    ...new Map(
      named.flatMap(({ targets }) =>
        targets.map((target) => [`${target.kind}:${target.to}`, target] as const),
      ),
    ).values(),
  ];
}
