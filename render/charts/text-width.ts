import { type Font, openSync } from 'fontkit';
import { LRUCache } from 'lru-cache';
import { fontFiles, type Weight } from '../fonts.ts';
import { plainText } from '../plain-text.ts';

const fonts = new Map<Weight, Font>();
// In em, so that one entry serves every size; a layout costs 0.36 ms, a hit 1 µs.
const widths = new LRUCache<string, number>({ max: 5000 });

function font(weight: Weight): Font {
  const known = fonts.get(weight) ?? openSync(fontFiles[weight]);
  fonts.set(weight, known);
  return known;
}

/** Width in px of a text as it will be drawn: the real font's advances, tabular figures included. */
export function textWidth(text: string, size: number, weight: Weight = 400): number {
  const key = `${weight}${text}`;
  let em = widths.get(key);
  if (em === undefined) {
    const face = font(weight);
    em = face.layout(text, ['tnum']).advanceWidth / face.unitsPerEm;
    widths.set(key, em);
  }
  return em * size;
}

/** The text itself if it fits, else as much of it as does, ending in "…". */
export function fitText(raw: string, size: number, maxWidth: number, weight: Weight = 400): string {
  const text = plainText(raw);
  if (textWidth(text, size, weight) <= maxWidth) return text;
  const characters = [...text];
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const shortened = `${characters.slice(0, middle).join('').trimEnd()}…`;
    if (textWidth(shortened, size, weight) <= maxWidth) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${characters.slice(0, low).join('').trimEnd()}…`;
}
