/** Draws the two icons that a Teams app package must have. Run: `node docs/teams/draw-icons.ts`. */
import { join } from 'node:path';
import sharp from 'sharp';

/** An H whose crossbar is a rising line. */
const sign = 'M62 56v80M130 56v80M62 108l26-14 16 10 26-26';

/** Full colour, 192 × 192, the sign within the middle 96 as Teams wants it. */
const colour = `<svg xmlns="http://www.w3.org/2000/svg" width="192" height="192" viewBox="0 0 192 192">
<rect width="192" height="192" fill="#4B4FB5"/>
<path d="${sign}" fill="none" stroke="#fff" stroke-width="14" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

/** White on transparent, 32 × 32. */
const outline = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="44 44 104 104">
<path d="${sign}" fill="none" stroke="#fff" stroke-width="12" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

for (const [name, svg] of Object.entries({ color: colour, outline }))
  await sharp(Buffer.from(svg))
    .png({ compressionLevel: 9 })
    .toFile(join(import.meta.dirname, `${name}.png`));
