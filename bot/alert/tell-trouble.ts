/**
 * Herald's own trouble, told to whoever runs it: through the outbox like any alert, once per subject and cool-down
 * over all processes. The pause and the deliveries are written in one transaction: told, or not begun.
 */
import type { Database } from '../../db/client.ts';
import { mailNote } from '../../render/messages/mail-note.ts';
import { slackNote } from '../../render/messages/slack.ts';
import { teamsNote } from '../../render/messages/teams.ts';
import { putDeliveries } from '../delivery/enqueue.ts';
import type { Payload } from '../delivery/payload.ts';
import type { Target } from '../delivery/target.ts';

export type Trouble = {
  /** What it is about, e.g. "breaker:hubspot". */
  key: string;
  title: string;
  lines: readonly string[];
  /** Only told while this one's cool-down lasts: good news of what was told as bad. */
  ends?: string;
};

/** One story per subject and half a working day. */
const COOLDOWN_HOURS = 4;

/** Returns whether it is on its way; false while its cool-down lasts, or when nobody is to be told. */
export async function tellTrouble(
  db: Database,
  trouble: Trouble,
  targets: readonly Target[],
): Promise<boolean> {
  if (targets.length === 0) return false;
  const pause = (key: string) => `trouble:${key}`;
  return db.inTransaction(async (tx) => {
    const [mine] = await tx<{ at: Date }[]>`
      insert into lease as l (name, holder, fence, expires_at)
      select ${pause(trouble.key)}, 'pause', 1, clock_timestamp() + make_interval(hours => ${COOLDOWN_HOURS})
      where ${trouble.ends === undefined} or exists (
        select from lease told where told.name = ${pause(trouble.ends ?? '')} and told.expires_at > clock_timestamp())
      on conflict (name) do update set fence = l.fence + 1, expires_at = excluded.expires_at
        where l.expires_at < clock_timestamp()
      returning clock_timestamp() as at`;
    if (!mine) return false;
    await putDeliveries(
      tx,
      targets.map((target) => ({
        kind: 'alert' as const,
        topic: pause(trouble.key),
        slot: mine.at,
        target,
        // No KPI is in it: whom the configuration names may read it.
        audience: { areas: [], role: null },
        payload: payloadFor(target, trouble),
      })),
      [],
    );
    return true;
  });
}

function payloadFor(target: Target, { title, lines }: Trouble): Payload {
  switch (target.kind) {
    case 'slack':
      return { kind: 'slack', ...slackNote({ title, lines }), picture: null };
    case 'teams': {
      const card = teamsNote({ title, lines, actions: [] });
      return { kind: 'teams', card, fallbackText: card.speak };
    }
    case 'mail':
      return { kind: 'mail', ...mailNote({ title: `Herald: ${title}`, lines }), attachments: [] };
    default:
      return target.kind satisfies never;
  }
}
