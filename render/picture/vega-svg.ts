import { LRUCache } from 'lru-cache';
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

type Compiled = ReturnType<typeof vega.parse>;

// Cards differ in their numbers only; a dozen shapes of them exist in two themes. Compiling takes 6 ms.
const compiled = new LRUCache<string, Compiled>({ max: 60 });

/** The specification without its numbers and texts, which are put into the view afterwards. */
function shapeOf(spec: Spec): Spec {
  return {
    ...spec,
    signals: spec.signals?.map((signal) => ('value' in signal ? { ...signal, value: null } : signal)),
    data: spec.data?.map((data) => ('values' in data ? { ...data, values: [] } : data)),
  } as Spec;
}

function compile(spec: Spec): Compiled {
  const shape = shapeOf(spec);
  const key = JSON.stringify(shape);
  const known = compiled.get(key) ?? vega.parse(shape);
  compiled.set(key, known);
  return known;
}

function fill(view: vega.View, spec: Spec): void {
  for (const signal of spec.signals ?? []) if ('value' in signal) view.signal(signal.name, signal.value);
  for (const data of spec.data ?? []) if ('values' in data) view.data(data.name, data.values as unknown[]);
}

/** Draw a Vega specification to SVG. Rejects when it tries to load anything or draws with a fault. */
export async function vegaSvg(spec: Spec): Promise<string> {
  const faults: string[] = [];
  const note = (...args: readonly unknown[]) => {
    faults.push(args.map(String).join(' '));
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  const view = new vega.View(compile(spec), {
    renderer: 'none',
    loader: closedLoader,
    logger: logger as never,
  });
  try {
    fill(view, spec);
    const svg = await view.toSVG();
    if (faults.length > 0) throw new Error(`Vega: ${faults.join('; ').slice(0, 500)}`);
    return svg;
  } finally {
    view.finalize();
  }
}
