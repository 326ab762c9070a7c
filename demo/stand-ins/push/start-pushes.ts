/** The demo's platforms call back: each with a secret of its own, made anew at every start. */
import { randomBytes } from 'node:crypto';
import type { World } from '../../company/records.ts';
import type { Faults } from '../faults.ts';
import { hubspotPushes } from './hubspot.ts';
import { intercomPushes } from './intercom.ts';
import { type PushKind, sendPushes } from './send-pushes.ts';
import { zendeskPushes } from './zendesk.ts';

const kinds = { hubspot: hubspotPushes, zendesk: zendeskPushes, intercom: intercomPushes } satisfies Record<
  string,
  PushKind
>;
type Pushing = keyof typeof kinds;

export function createPushes(input: {
  world: Pick<World, Pushing>;
  now: () => number;
  say: (line: string) => void;
  mischief: Record<Pushing, Faults['mischief']>;
}) {
  const { world, now, say, mischief } = input;
  const names = Object.keys(kinds) as Pushing[];
  const secrets = Object.fromEntries(names.map((name) => [name, randomBytes(16).toString('hex')])) as Record<
    Pushing,
    string
  >;
  let stops: (() => Promise<void>)[] = [];
  return {
    secrets,
    /** Send every change from now on to `origin`/webhooks/<name>. */
    start(origin: string): void {
      stops = names.map((name) => {
        const pushes = sendPushes({
          store: world[name],
          target: { url: `${origin}/webhooks/${name}`, secret: secrets[name] },
          kind: kinds[name],
          now,
          random: Math.random,
          mischief: mischief[name],
          onGivenUp: (status) => say(`The demo's ${name} gave up a webhook: ${status}`),
        });
        return pushes.stop;
      });
    },
    async stop(): Promise<void> {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}
