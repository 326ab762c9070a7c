import sharp from 'sharp';
import { textWidth } from '../charts/text-width.ts';
import { fontFamily } from '../fonts.ts';

// Narrow letters, wide letters and figures: another font may agree on one of them by chance (DejaVu Sans
// comes within 4 % on a mixed sample), not on all.
const samples = ['illicit filling jitter', 'WAVE MOMENT COW', '8,411,111.98'];
const size = 60;
const tolerance = 0.04;

async function inkWidth(sample: string, weight: number): Promise<number> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="120"><rect width="1200" height="120" fill="#fff"/><text x="20" y="80" font-family="${fontFamily}" font-size="${size}px" font-weight="${weight}">${sample}</text></svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  let first = info.width;
  let last = -1;
  for (let i = 0; i < data.length; i += info.channels) {
    if (data[i]! > 128) continue;
    const x = (i / info.channels) % info.width;
    first = Math.min(first, x);
    last = Math.max(last, x);
  }
  return Math.max(0, last - first + 1);
}

/**
 * Draw texts and measure how wide their ink is. A missing font gives boxes or another font's widths, without
 * any error; a board must never get such a picture. Side bearings and anti-aliasing take 1–2 %.
 */
export async function checkInk(): Promise<void> {
  for (const weight of [400, 700] as const) {
    for (const sample of samples) {
      const drawn = await inkWidth(sample, weight);
      const expected = textWidth(sample, size, weight);
      if (Math.abs(drawn - expected) > expected * tolerance) {
        const found = `${drawn} px of ink where ${Math.round(expected)} px were expected`;
        throw new Error(`The font ${fontFamily} ${weight} is not drawn: ${found}`);
      }
    }
  }
}
