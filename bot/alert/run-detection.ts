/** Detection → incidents, and a message for each new one: in one transaction, so that an episode is told once. */
import type { Database, Transaction } from '../../db/client.ts';
import { addDays, today as todayIn } from '../../kpi/calendar.ts';
import type { Day } from '../../kpi/question.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import type { Log } from '../../platform/log.ts';
import type { Painter } from '../../render/picture/painter.ts';
import type { Directory } from '../access/directory.ts';
import type { Answerer } from '../commands/answer-text.ts';
import { putDeliveries } from '../delivery/enqueue.ts';
import type { Target } from '../delivery/target.ts';
import type { Host } from '../transports/teams/picture-address.ts';
import { type Addressed, addressAlert } from './address-alert.ts';
import { readFeedback, segmentKey } from './feedback.ts';
import { findCrossed } from './find-crossed.ts';
import { findUnusual } from './find-unusual.ts';
import { type News, newsOf } from './news.ts';

export type AlertRule = {
  /** By name ("tickets_created"), or "*" for all. */
  kpis: readonly string[];
  targets: readonly Target[];
  /** With either, the rule is a limit instead of what is unusual; in the KPI's unit. */
  above?: number | undefined;
  below?: number | undefined;
};

export type AlertSettings = {
  rules: readonly AlertRule[];
  /** Days (2026-04-03, or 12-25 of every year) on which the company rests. */
  holidays?: readonly string[];
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
/** A KPI that was told today is not told again before tomorrow: a bad day and the catching up after it are one story. */
const cooldownHours = 20;

/** Gives the incidents told by this run; none when another worker was first. */
export async function runDetection(input: DetectionInput): Promise<Incident[]> {
  const { db, engine, now, settings } = input;
  const { rules, holidays = [] } = settings;
  const unusual = await findUnusual({ db, engine, now, holidays });
  const news = [
    ...unusual.map((one) => newsOf(one, targetsOf(one.kpi.name, rules))),
    ...(await findCrossed({
      answerer: input.answererAt(now),
      rules,
      feedback: await readFeedback(db, now),
    })),
  ];
  const told: Incident[] = [];
  for (const one of news) {
    const incident = await open(one, input);
    if (incident) told.push(incident);
  }
  await db.sql`
    update incident set state = 'closed'
    where state in ('open', 'watch') and finding->>'endedOn' < ${addDays(todayIn(now, engine.calendar), -openDays)}`;
  if (told.some((incident) => incident.told > 0)) input.kick?.();
  return told;
}

async function open(news: News, input: DetectionInput): Promise<Incident | null> {
  const { db, now } = input;
  const [known] = await db.sql<{ state: string }[]>`select state from incident where key = ${news.key}`;
  const tells =
    news.level === 'alert' && (!known || known.state === 'watch') && !(await isQuiet(db, news, now));
  // Drawn before the transaction, and only when it will be needed.
  const written = tells ? await addressAlert(news, input) : null;
  return db.inTransaction(async (tx) => {
    const first = await record(tx, news, written, now);
    if (!first || !written) return null;
    await putDeliveries(tx, written.deliveries, written.blobs);
    await tx`
      insert into given_answer (id, question, asker) values (${written.answerId}, ${tx.json(written.answer.question as never)}, 'alert')
      on conflict (id) do nothing`;
    return {
      key: news.key,
      kpi: news.kpi.name,
      startedOn: news.startedOn,
      text: news.text,
      told: written.deliveries.length,
    };
  });
}

/** Snoozed, or told of a short while ago. */
async function isQuiet(
  db: Database,
  { kpi, segment, key, snoozed, facts }: News,
  now: Date,
): Promise<boolean> {
  if (snoozed) return true;
  // A limit is told once a period by its key, whatever else was told.
  if (facts.kind === 'threshold') return false;
  const rows = await db.sql`
    select 1 from incident where kpi = ${kpi.name} and segment = ${segmentKey(segment)} and key <> ${key}
      and told_at > ${now}::timestamptz - make_interval(hours => ${cooldownHours}) limit 1`;
  return rows.length > 0;
}

/**
 * Write the incident down; true when this makes it worth telling. What is not told now stays a `watch`, so that it is
 * told when the quiet is over and it still lasts. What people did to it (acknowledged, closed) stays.
 */
async function record(tx: Transaction, news: News, written: Addressed | null, now: Date): Promise<boolean> {
  const { key, kpi, segment, startedOn, facts, text } = news;
  const state = written ? 'open' : 'watch';
  const told = written !== null && written.deliveries.length > 0;
  const [row] = await tx<{ was: string | null; is: string }[]>`
    insert into incident as i (key, kpi, area, segment, started_on, state, finding, at, answer_id, told_at)
    values (${key}, ${kpi.name}, ${kpi.area}, ${segmentKey(segment)}, ${startedOn}, ${state}, ${tx.json({ ...facts, text } as never)}, clock_timestamp(),
      ${written?.answerId ?? null}, ${told ? now : null})
    on conflict (key) do update set finding = excluded.finding,
      state = case when i.state = 'watch' and excluded.state = 'open' then 'open' else i.state end,
      answer_id = coalesce(i.answer_id, excluded.answer_id), told_at = coalesce(i.told_at, excluded.told_at)
    returning old.state as was, new.state as is`;
  return row!.is === 'open' && row!.was !== 'open';
}

/** Each target once, whatever number of rules name it. */
function targetsOf(kpi: string, rules: readonly AlertRule[]): Target[] {
  const named = rules.filter(
    ({ kpis, above, below }) =>
      above === undefined &&
      below === undefined &&
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
