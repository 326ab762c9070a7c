/** Replies as Adaptive Cards. */
import { teamsAnswer, teamsNote, teamsProblem } from '../../../render/messages/teams.ts';
import type { Present } from './message-of.ts';

export function createTeamsPresent(): Present {
  return (reply, { pictureUrl }) => {
    const card =
      reply.kind === 'answer'
        ? teamsAnswer({
            answer: reply.answer,
            answerId: reply.answerId,
            actions: reply.actions,
            picture: pictureUrl && reply.picture ? { url: pictureUrl, alt: reply.picture.alt } : null,
            notes: reply.visibilityNote === null ? [] : [reply.visibilityNote],
          })
        : reply.kind === 'problem'
          ? teamsProblem(reply.problem, reply.actions)
          : reply.kind === 'note'
            ? teamsNote(reply)
            : teamsNote({ title: reply.document.name, lines: [reply.text], actions: [] });
    return { card, fallbackText: card.speak };
  };
}
