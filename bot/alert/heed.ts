/** What people do to an alert by its buttons: acknowledge it, snooze its KPI, say that it was no anomaly. */
import type { Database } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { may, type Rights } from '../access/roles.ts';
import type { Action, Person, Reply } from '../commands/command.ts';

const snoozeDays = 7;
const longestSnoozeDays = 90;

/** Buttons under an alert; the value is what is done. */
export const alertActions: readonly Action[] = [
  { verb: 'alert', label: 'Acknowledge', value: 'acknowledge' },
  { verb: 'alert', label: `Snooze ${snoozeDays} days`, value: `snooze ${snoozeDays}` },
  { verb: 'alert', label: 'Not an anomaly', value: 'not an anomaly' },
];

export type Heed = (input: {
  answerId: string;
  /** "acknowledge", "snooze 7" or "not an anomaly". */
  act: string;
  person: Person;
  rights: Rights;
}) => Promise<{ reply: Reply; kpi: string }>;

type Known = {
  key: string;
  kpi: string;
  area: string;
  segment: string;
  started_on: string;
  ended_on: string | null;
  acknowledged_by: string | null;
};

/** `titleOf` gives a KPI's title. Throws `access` without write:alert or the KPI's area, `ask` for what it does not know. */
export function createHeed(db: Database, titleOf: (kpi: string) => string, now: () => Date): Heed {
  return async ({ answerId, act, person, rights }) => {
    if (!may(rights, 'write:alert'))
      throw new HeraldError(
        'access',
        `Your role (${rights.role}) may not handle alerts. Ask your administrator for write:alert.`,
      );
    const [incident] = await db.sql<Known[]>`
      select key, kpi, area, segment, started_on, finding->>'endedOn' as ended_on, acknowledged_by
      from incident where answer_id = ${answerId}`;
    if (!incident) throw new HeraldError('ask', 'That alert is not in the books any more.');
    if (!may(rights, `read:${incident.area}` as never))
      throw new HeraldError('access', `Your role (${rights.role}) does not include ${incident.area}.`);
    const line = await carryOut(db, incident, act, person, now());
    const title = titleOf(incident.kpi);
    return {
      reply: { kind: 'note', title: `Alert · ${title}`, lines: [line], actions: [] },
      kpi: incident.kpi,
    };
  };
}

async function carryOut(
  db: Database,
  incident: Known,
  act: string,
  person: Person,
  now: Date,
): Promise<string> {
  const { key, kpi, segment, started_on, ended_on } = incident;
  const who = `${person.platform}:${person.id}`;
  const [, days] = /^snooze (\d{1,6})$/.exec(act) ?? [];
  if (days !== undefined) {
    const count = Number(days);
    if (count < 1 || count > longestSnoozeDays)
      throw new HeraldError('ask', `An alert can be snoozed for 1 to ${longestSnoozeDays} days.`);
    const until = new Date(now.getTime() + count * 86_400_000);
    await db.sql`
      insert into alert_feedback (kpi, segment, verdict, until, person, at) values (${kpi}, ${segment}, 'snooze', ${until}, ${who}, ${now})`;
    return `Snoozed until ${until.toISOString().slice(0, 10)} by ${person.name}: until then nothing is told of it${segment === '' ? '' : ' in this segment'}; what happens stays in the digest.`;
  }
  if (act === 'acknowledge') {
    const rows = await db.sql`
      update incident set acknowledged_by = ${who}, acknowledged_at = ${now} where key = ${key} and acknowledged_by is null returning 1`;
    return rows.length > 0
      ? `Acknowledged by ${person.name}.`
      : `It was acknowledged before, by ${incident.acknowledged_by === who ? 'you' : 'somebody else'}.`;
  }
  if (act === 'not an anomaly') {
    await db.inTransaction(async (tx) => {
      const [again] =
        await tx`select 1 from alert_feedback where kpi = ${kpi} and segment = ${segment} and verdict = 'not_anomaly' and from_day = ${started_on}`;
      if (!again)
        await tx`
          insert into alert_feedback (kpi, segment, verdict, from_day, to_day, person, at)
          values (${kpi}, ${segment}, 'not_anomaly', ${started_on}, ${ended_on ?? started_on}, ${who}, ${now})`;
      await tx`update incident set state = 'closed' where key = ${key}`;
    });
    return `Noted by ${person.name}: not an anomaly. Its days are left out of what is usual, and it takes a larger gap to be told again.`;
  }
  throw new HeraldError(
    'ask',
    `An alert cannot be "${act}". Acknowledge it, snooze it or say that it is not an anomaly.`,
  );
}
