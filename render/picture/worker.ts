/**
 * A drawing process. It has no environment but the font settings, no network use, a heap limit, and a parent
 * that ends it when a picture takes too long.
 */
import { drawCard } from '../charts/card.ts';
import { drawTable } from '../charts/table-card.ts';
import { checkInk } from './ink-check.ts';
import type { Request, Response } from './protocol.ts';
import { rasterize } from './raster.ts';
import { vegaSvg } from './vega-svg.ts';

/** Narrower pictures are for Teams, whose data URIs end at about 60 KB. */
const paletteBelow = 1200;

function say(response: Response): void {
  process.send?.(response);
}

function words(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

async function draw(request: Request): Promise<Response> {
  const { id, answer, options, form, width } = request;
  const svg = await vegaSvg('kind' in answer ? drawTable(answer, options) : drawCard(answer, options));
  if (form === 'svg') return { kind: 'svg', id, svg };
  return {
    kind: 'png',
    id,
    ...(await rasterize(svg, { width, theme: options.theme ?? 'light', palette: width < paletteBelow })),
  };
}

process.on('message', (message) => {
  const request = message as Request;
  draw(request).then(say, (thrown) => say({ kind: 'failed', id: request.id, message: words(thrown) }));
});
process.on('disconnect', () => process.exit(0));

checkInk().then(
  () => say({ kind: 'ready' }),
  (thrown) => say({ kind: 'unfit', message: words(thrown) }),
);
