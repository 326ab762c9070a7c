import type { TeamsTransport } from '../../transports/teams/transport.ts';
import type { TeamsPayload } from '../payload.ts';
import type { Sender } from '../sender.ts';

/**
 * Teams' side of the outbox. Its connector has neither an idempotency key nor a history that a bot may read, so there
 * is no `find`: an attempt in doubt follows the policy of its kind.
 */
export function createTeamsSender(teams: Pick<TeamsTransport, 'post'>): Sender<TeamsPayload> {
  return {
    async send({ to, payload }) {
      const made = await teams.post(to, payload.card, { fallbackText: payload.fallbackText });
      return made.kind === 'sent' ? { kind: 'sent', receipt: { conversation: to, id: made.id } } : made;
    },
  };
}
