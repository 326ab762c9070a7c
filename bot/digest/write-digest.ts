/** Digest → what the outbox carries to one target: pictures and documents made now, frozen with the words. */
import type { Answer } from '../../kpi/answer.ts';
import { dayIn } from '../../kpi/calendar.ts';
import type { Log } from '../../platform/log.ts';
import type { Digest } from '../../render/digest.ts';
import { pdfDigest } from '../../render/documents/pdf.ts';
import { type MailPicture, mailDigest } from '../../render/messages/mail.ts';
import { slackDigest } from '../../render/messages/slack-digest.ts';
import { teamsDigest } from '../../render/messages/teams-digest.ts';
import type { Painter } from '../../render/picture/painter.ts';
import { blobOf, type NewBlob, type NewDelivery } from '../delivery/enqueue.ts';
import { type MailPayload, type PictureRef, pictureSlot, type SlackPayload } from '../delivery/payload.ts';
import type { Audience, Target } from '../delivery/target.ts';
import { type Host, pictureAddress } from '../transports/teams/picture-address.ts';

export type WriteInput = {
  digest: Digest;
  /** The schedule's name. */
  name: string;
  slot: Date;
  timeZone: string;
  target: Target;
  audience: Audience;
  paint: Pick<Painter, 'svg' | 'png'>;
  /** Puts pictures behind links that Teams can read; null without a public address. */
  host: Host;
  log: Log;
};

export type Written = { deliveries: NewDelivery[]; blobs: NewBlob[] };

export function writeDigest(input: WriteInput): Promise<Written> {
  switch (input.target.kind) {
    case 'slack':
      return writeSlack(input);
    case 'teams':
      return writeTeams(input);
    case 'mail':
      return writeMail(input);
    default:
      return input.target.kind satisfies never;
  }
}

const base = ({ name, slot, target, audience }: WriteInput) => ({
  kind: 'digest' as const,
  topic: name,
  slot,
  target,
  audience,
});

/** The chart on the first screen: the first KPI that has a figure. */
const firstShown = (digest: Digest): Answer | undefined => digest.tiles.find(({ value }) => value !== null);

/** Text goes out without the picture that could not be drawn. */
async function tryTo<T>(log: Log, what: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (thrown) {
    log.error(
      { err: (thrown as Error).message },
      `digest: ${what} could not be made; the text goes without it`,
    );
    return null;
  }
}

async function writeSlack(input: WriteInput): Promise<Written> {
  const { digest, paint, log } = input;
  const answer = firstShown(digest);
  const picture = answer ? await tryTo(log, 'the picture', () => paint.png(answer)) : null;
  const blob = picture ? blobOf(picture.png, 'image/png') : null;
  const ref: PictureRef | null =
    picture && blob
      ? { hash: blob.hash, mime: blob.mime, alt: picture.alt, width: picture.width, height: picture.height }
      : null;
  const message = slackDigest(digest, { picture: ref ? { fileId: pictureSlot, alt: ref.alt } : null });
  const payload: SlackPayload = { kind: 'slack', text: message.text, blocks: message.blocks, picture: ref };
  const thread = message.thread.map(
    ({ text, blocks }, i): NewDelivery => ({
      ...base(input),
      part: `thread:${i + 1}`,
      // One after the other, so that the areas stand in their order.
      after: i === 0 ? 'main' : `thread:${i}`,
      payload: { kind: 'slack', text, blocks, picture: null },
    }),
  );
  return { deliveries: [{ ...base(input), payload }, ...thread], blobs: blob ? [blob] : [] };
}

async function writeTeams(input: WriteInput): Promise<Written> {
  const { digest, paint, host, name, log } = input;
  const answer = firstShown(digest);
  const picture = answer
    ? await tryTo(log, 'the picture', async () => {
        const drawn = await paint.png(answer, { width: 1000 });
        const url = await pictureAddress(drawn, name, host);
        return url === null ? null : { url, alt: drawn.alt };
      })
    : null;
  const card = teamsDigest(digest, { picture });
  const payload = { kind: 'teams' as const, card, fallbackText: card.fallbackText };
  return { deliveries: [{ ...base(input), payload }], blobs: [] };
}

async function writeMail(input: WriteInput): Promise<Written> {
  const { digest, paint, name, slot, timeZone, log } = input;
  const pictures: MailPicture[] = [];
  const blobs: NewBlob[] = [];
  const attachments: MailPayload['attachments'][number][] = [];
  for (const { answers } of digest.sections) {
    const [answer] = answers;
    const drawn = answer ? await tryTo(log, 'a picture', () => paint.png(answer)) : null;
    if (!answer || !drawn) continue;
    const blob = blobOf(drawn.png, 'image/png');
    const cid = `${answer.kpi}-${blob.hash.slice(0, 12)}@herald`;
    blobs.push(blob);
    pictures.push({ cid, alt: drawn.alt, kpi: answer.kpi });
    attachments.push({ hash: blob.hash, mime: blob.mime, name: `${answer.kpi}.png`, cid });
  }
  const pdf = await tryTo(log, 'the PDF', () => pdfDigest(digest, { svgOf: (answer) => paint.svg(answer) }));
  if (pdf) {
    const blob = blobOf(pdf, 'application/pdf');
    blobs.push(blob);
    attachments.push({
      hash: blob.hash,
      mime: blob.mime,
      name: `${name}-${dayIn(slot, timeZone)}.pdf`,
      cid: null,
    });
  }
  const footer = pdf
    ? 'The attached PDF shows the same with every chart.'
    : 'The PDF could not be made this time; all figures are in this mail.';
  const mail = mailDigest({ digest, pictures, footer });
  return { deliveries: [{ ...base(input), payload: { kind: 'mail', ...mail, attachments } }], blobs };
}
