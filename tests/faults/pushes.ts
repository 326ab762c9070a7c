/**
 * The platforms tell of every change: signed, some twice, some so late that others overtake them, some never. They call
 * where the newest worker listens, and try again when nobody answers.
 */
import type { World } from '../../demo/company/records.ts';
import { hubspotPushes } from '../../demo/stand-ins/push/hubspot.ts';
import { intercomPushes } from '../../demo/stand-ins/push/intercom.ts';
import { type PushKind, sendPushes } from '../../demo/stand-ins/push/send-pushes.ts';
import { zendeskPushes } from '../../demo/stand-ins/push/zendesk.ts';

const kinds = { hubspot: hubspotPushes, zendesk: zendeskPushes, intercom: intercomPushes };
const mischief = { twice: 0.2, late: 0.3 };
const lostShare = 0.1;

export type ChaosPushes = {
  /** Call this address from now on. */
  to(origin: string): void;
  /** Requests that never left, and those that were given up. */
  lost(): number;
  stop(): Promise<void>;
};

export function startPushes(input: {
  world: World;
  secret: string;
  now: () => number;
  random: () => number;
}): ChaosPushes {
  const { world, secret, now, random } = input;
  let origin = 'http://127.0.0.1:9';
  let lost = 0;
  const losing = (kind: PushKind): PushKind => ({
    ...kind,
    bodies: (changes) =>
      kind.bodies(changes).filter(() => {
        const leaves = random() >= lostShare;
        if (!leaves) lost += 1;
        return leaves;
      }),
  });
  const senders = (Object.keys(kinds) as (keyof typeof kinds)[]).map((name) =>
    sendPushes({
      store: world[name],
      target: {
        secret,
        get url() {
          return `${origin}/webhooks/${name}`;
        },
      },
      kind: losing(kinds[name]),
      now,
      random,
      mischief,
      onGivenUp: () => {
        lost += 1;
      },
    }),
  );
  return {
    to(address) {
      origin = address;
    },
    lost: () => lost,
    async stop() {
      await Promise.all(senders.map((sender) => sender.stop()));
    },
  };
}
