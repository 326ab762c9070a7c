import type { Picture } from '../../commands/command.ts';

/** Puts bytes behind a signed link that Teams' servers can read; null when Herald has no public address. */
export type Host = ((file: { name: string; mime: string; bytes: Uint8Array }) => Promise<string>) | null;

/** Teams shows data URIs up to about 60 KB (their base64 counts). */
const maxDataUriBytes = 60_000;

/**
 * The address of a picture for a card's Image: inside the card when small enough, else hosted, else with fewer
 * colours, else none; the text of the answer stands by itself.
 */
export async function pictureAddress(
  picture: Picture | null,
  name: string,
  host: Host,
): Promise<string | null> {
  if (!picture) return null;
  const inline = dataUri(picture.png);
  if (inline.length <= maxDataUriBytes) return inline;
  if (host) return host({ name: `${name}.png`, mime: 'image/png', bytes: picture.png });
  // Charts are flat: 32 colours are hardly seen and take a third of the bytes.
  const { default: sharp } = await import('sharp');
  const reduced = dataUri(await sharp(picture.png).png({ palette: true, colours: 32, effort: 7 }).toBuffer());
  return reduced.length <= maxDataUriBytes ? reduced : null;
}

function dataUri(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
