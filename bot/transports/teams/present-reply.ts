/** Replies as Adaptive Cards. */
import { teamsAnswer, teamsNote, teamsProblem } from '../../../render/messages/teams.ts';
import type { AdaptiveCard } from '../../../render/messages/teams-elements.ts';
import { teamsTable } from '../../../render/messages/teams-table.ts';
import type { Reply } from '../../commands/command.ts';
import type { Present } from './message-of.ts';

export function createTeamsPresent(): Present {
  return (reply, { pictureUrl }) => {
    const card = cardOf(reply, pictureUrl);
    return { card, fallbackText: card.speak };
  };
}

function cardOf(reply: Reply, pictureUrl: string | null): AdaptiveCard {
  switch (reply.kind) {
    case 'answer': {
      const { answer, answerId, actions } = reply;
      return teamsAnswer({ answer, answerId, actions, ...shown(reply, pictureUrl) });
    }
    case 'table': {
      const { table, answerId, actions } = reply;
      return teamsTable({ table, answerId, actions, ...shown(reply, pictureUrl) });
    }
    case 'problem':
      return teamsProblem(reply.problem, reply.actions);
    case 'note':
      return teamsNote(reply);
    case 'document':
      return teamsNote({ title: reply.document.name, lines: [reply.text], actions: [] });
    default:
      return reply satisfies never;
  }
}

const shown = (
  { picture, visibilityNote }: Extract<Reply, { kind: 'answer' | 'table' }>,
  pictureUrl: string | null,
) => ({
  picture: pictureUrl && picture ? { url: pictureUrl, alt: picture.alt } : null,
  notes: visibilityNote === null ? [] : [visibilityNote],
});
