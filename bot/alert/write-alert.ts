/** One incident → what the outbox carries to one target. */
import type { Answer } from '../../kpi/answer.ts';
import { mailAnswer } from '../../render/messages/mail.ts';
import { slackAnswer } from '../../render/messages/slack.ts';
import { teamsAnswer } from '../../render/messages/teams.ts';
import type { Picture } from '../../render/picture/painter.ts';
import type { Action } from '../commands/command.ts';
import { blobOf, type NewBlob } from '../delivery/enqueue.ts';
import { type Payload, pictureSlot } from '../delivery/payload.ts';
import type { Target } from '../delivery/target.ts';
import { type Host, pictureAddress } from '../transports/teams/picture-address.ts';
import { alertActions } from './heed.ts';
import type { News } from './news.ts';

export type WriteAlertInput = {
  news: News;
  /** The KPI's last four weeks; its sentence is replaced by the incident's. */
  answer: Answer;
  answerId: string;
  target: Target;
  picture: Picture | null;
  host: Host;
};

export async function writeAlert(input: WriteAlertInput): Promise<{ payload: Payload; blobs: NewBlob[] }> {
  const { news, answerId, target, picture, host } = input;
  const answer: Answer = { ...input.answer, sentence: news.text };
  const actions = actionsOf(news);
  const notes = [news.note];
  const blob = picture ? blobOf(picture.png, 'image/png') : null;
  switch (target.kind) {
    case 'slack': {
      const shown = picture ? { fileId: pictureSlot, alt: picture.alt } : null;
      const message = slackAnswer({ answer, answerId, actions, picture: shown, notes });
      const ref =
        picture && blob
          ? {
              hash: blob.hash,
              mime: blob.mime,
              alt: picture.alt,
              width: picture.width,
              height: picture.height,
            }
          : null;
      return { payload: { kind: 'slack', ...message, picture: ref }, blobs: blob ? [blob] : [] };
    }
    case 'teams': {
      const url = await pictureAddress(picture, answerId, host);
      const shown = picture && url !== null ? { url, alt: picture.alt } : null;
      const card = teamsAnswer({ answer, answerId, actions, picture: shown, notes });
      return { payload: { kind: 'teams', card, fallbackText: news.text }, blobs: [] };
    }
    case 'mail': {
      const cid = `${answerId}@herald`;
      const mail = mailAnswer({ answer, picture: picture ? { cid, alt: picture.alt } : null, notes });
      const attachments = blob ? [{ hash: blob.hash, mime: blob.mime, name: `${answer.kpi}.png`, cid }] : [];
      return {
        payload: { kind: 'mail', ...mail, subject: `Alert: ${mail.subject}`, attachments },
        blobs: blob ? [blob] : [],
      };
    }
    default:
      return target.kind satisfies never;
  }
}

/** Five fit: the next look, and what a person says to it. */
function actionsOf({ by }: News): Action[] {
  return [
    ...(by ? [{ verb: 'by', label: `By ${by}`, value: by, style: 'primary' } as const] : []),
    { verb: 'compare', label: 'vs last year' },
    ...alertActions,
  ];
}
