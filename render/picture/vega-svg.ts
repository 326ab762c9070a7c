import type { Loader, Spec } from 'vega';
import * as vega from 'vega';
import { textWidth } from '../charts/text-width.ts';

type MeasuredItem = { fontSize?: number; fontWeight?: number | string };

// Without a canvas Vega guesses widths, wrong both ways ("September 2026" 281 px for 189): labels would
// overlap or vanish. The package exports its measuring function for replacement; its types leave it out.
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: MeasuredItem, text: unknown) => number };
};
textMetrics.width = (item, content) => {
  const bold = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600;
  return textWidth(content == null ? '' : String(content), item.fontSize ?? 11, bold ? 700 : 400);
};

function refuse(address: string): never {
  throw new Error(`A picture must not load anything, but asked for ${address.slice(0, 100)}`);
}

/** Vega's own loader reads files and fetches URLs; this one refuses everything. */
const closedLoader = {
  options: {},
  load: async (uri: string) => refuse(uri),
  sanitize: async (uri: string) => refuse(uri),
  http: async (uri: string) => refuse(uri),
  file: async (name: string) => refuse(name),
} as unknown as Loader;

/** Draw a Vega specification to SVG. Rejects when it tries to load anything or draws with a fault. */
export async function vegaSvg(spec: Spec): Promise<string> {
  const faults: string[] = [];
  const note = (...args: readonly unknown[]) => {
    faults.push(args.map(String).join(' '));
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  const view = new vega.View(vega.parse(spec), {
    renderer: 'none',
    loader: closedLoader,
    logger: logger as never,
  });
  try {
    const svg = await view.toSVG();
    if (faults.length > 0) throw new Error(`Vega: ${faults.join('; ').slice(0, 500)}`);
    return svg;
  } finally {
    view.finalize();
  }
}
