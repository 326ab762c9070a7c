/** What a delivery carries, frozen when it was decided: every try sends the same. */

/** Bytes kept in `blob`. */
export type BlobRef = { hash: string; mime: string };

export type PictureRef = BlobRef & { alt: string; width: number; height: number };

export type SlackPayload = {
  kind: 'slack';
  text: string;
  /** An image block whose `slack_file.id` is `pictureSlot` gets the uploaded picture, or is left out. */
  blocks: readonly unknown[];
  picture: PictureRef | null;
};

export type TeamsPayload = { kind: 'teams'; card: unknown; fallbackText: string };

export type MailPayload = {
  kind: 'mail';
  subject: string;
  html: string;
  text: string;
  attachments: readonly (BlobRef & { name: string; cid: string | null })[];
};

export type Payload = SlackPayload | TeamsPayload | MailPayload;

/** Stands in a frozen message for the file id that only the upload gives. */
export const pictureSlot = 'F0HERALDPICTURE';
