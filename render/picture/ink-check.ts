import sharp from 'sharp';
import { textWidth } from '../charts/text-width.ts';
import { fontFamily } from '../fonts.ts';

const sample = 'Winner iii 2026';
const size = 60;

/**
 * Draw a text and measure how wide its ink is. A missing font gives boxes or another font's widths, without
 * any error; a board must never get such a picture. Tolerance 4 %: side bearings and anti-aliasing take 1–2 %.
 */
export async function checkInk(): Promise<void> {
  for (const weight of [400, 700] as const) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="120"><rect width="900" height="120" fill="#fff"/><text x="20" y="80" font-family="${fontFamily}" font-size="${size}px" font-weight="${weight}">${sample}</text></svg>`;
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
    const drawn = last - first + 1;
    const expected = textWidth(sample, size, weight);
    if (Math.abs(drawn - expected) > expected * 0.04) {
      throw new Error(
        `The font ${fontFamily} ${weight} is not drawn: ${drawn} px of ink where ${Math.round(expected)} px were expected`,
      );
    }
  }
}
