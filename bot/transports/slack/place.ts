import type { Place, Reply } from '../../commands/command.ts';

/** Slack's ids say what they are: D… is a direct message. */
export function placeOf(channel: string): Place {
  return { platform: 'slack', channel, kind: channel.startsWith('D') ? 'dm' : 'channel' };
}

/**
 * Whether everybody in the place may see the reply. Problems and notes are for the one who asked:
 * a board or a refusal says things about the asker's rights. In a direct message nobody else reads along.
 */
export function forEverybody(reply: Reply, place: Place): boolean {
  if (place.kind === 'dm') return true;
  return 'visibility' in reply && reply.visibility === 'place';
}
