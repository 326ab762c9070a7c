/** In-house systems by configuration alone: tables, files and endpoints, mapped to the unified model. */
import type { z } from 'zod';
import { didYouMean } from '../../../platform/closest.ts';
import { HeraldError } from '../../../platform/errors.ts';
import { ReadFault, type Source, type Stream, type UnifiedTable } from '../../source.ts';
import { compileMapping, type Mapping } from './mapping.ts';
import type { ResolveHost } from './public-only.ts';
import { createFileReader } from './read-files.ts';
import { createHttpReader } from './read-http.ts';
import { createPostgresReader } from './read-postgres.ts';
import type { Reader } from './reader.ts';
import { type CheckedSettings, type CustomSettings, customSettings } from './settings.ts';
import type { Shape } from './values.ts';

export type CustomHouse = {
  /** Of amounts whose record names no currency; default USD. */
  companyCurrency?: string;
  /** Name resolution for HTTP sources; default the system's. */
  resolve?: ResolveHost;
};

/** Everything that is wrong with an in-house source's settings, each with its place in herald.yaml. */
export function faultsOfCustom(name: string, settings: unknown): string[] {
  const checked = customSettings.safeParse(settings);
  return checked.success ? compile(name, checked.data, 'USD').faults : faultsOfShape(name, checked.error);
}

/**
 * @param name key in herald.yaml `sources`, and value of `system` in unified rows
 * @throws HeraldError `setup` with every fault of the settings, each with its place and the valid choices
 */
export function createCustomSource(name: string, settings: CustomSettings, house: CustomHouse = {}): Source {
  const checked = customSettings.safeParse(settings);
  if (!checked.success) throw setupFault(faultsOfShape(name, checked.error));
  const { mappings, shape, faults } = compile(name, checked.data, house.companyCurrency ?? 'USD');
  if (faults.length > 0) throw setupFault(faults);
  const reader = createReader(name, checked.data, mappings, shape, house);
  const streams = Object.entries(checked.data.streams).map(
    ([stream, spec]): Stream => ({
      name: stream,
      // compileMapping has refused every other name.
      table: spec.entity as UnifiedTable,
      lanes: reader.lanes,
      mapping: mappings.get(stream)!.made,
      ...(spec.after ? { after: spec.after } : {}),
      unify: (raw) => mappings.get(stream)!.unify(raw),
    }),
  );
  return {
    name,
    title: checked.data.title ?? name,
    pace: reader.pace,
    streams,
    check: reader.check,
    read(stream, lane, cursor, context) {
      if (!mappings.has(stream) || !reader.lanes.includes(lane)) {
        throw new ReadFault('fatal', `${name} has no lane ${lane} of a stream ${stream}`);
      }
      return reader.read(stream, lane, cursor, context);
    },
  };
}

function compile(name: string, settings: CheckedSettings, companyCurrency: string) {
  const faults: string[] = [];
  const mappings = new Map<string, Mapping>();
  if (!isTimeZone(settings.timeZone))
    faults.push(
      `sources.${name}.timeZone: "${settings.timeZone}" is no time zone; write one like Europe/Berlin`,
    );
  const shape = shapeOf(settings, companyCurrency);
  const names = Object.keys(settings.streams);
  for (const [stream, spec] of Object.entries(settings.streams)) {
    const place = `sources.${name}.streams.${stream}`;
    const compiled = compileMapping(place, spec, shape);
    faults.push(...compiled.faults);
    if (compiled.mapping) mappings.set(stream, compiled.mapping);
    for (const before of spec.after ?? []) {
      if (!names.includes(before))
        faults.push(
          `${place}.after: there is no stream "${before}"; ${didYouMean(before, names)}there are ${names.join(', ')}`,
        );
    }
  }
  return { mappings, shape, faults };
}

function faultsOfShape(name: string, error: z.ZodError): string[] {
  return error.issues.map((issue) => `${['sources', name, ...issue.path].join('.')}: ${issue.message}`);
}

function createReader(
  name: string,
  settings: CheckedSettings,
  mappings: ReadonlyMap<string, Mapping>,
  shape: Shape,
  house: CustomHouse,
): Reader {
  switch (settings.kind) {
    case 'postgres':
      return createPostgresReader(name, settings, mappings);
    case 'csv':
    case 'jsonl':
      return createFileReader(name, settings, mappings, shape);
    case 'http':
      return createHttpReader(name, settings, shape, house.resolve);
    default:
      return settings satisfies never;
  }
}

function shapeOf(settings: CheckedSettings, currency: string): Shape {
  const own = { timeZone: settings.timeZone, empty: new Set(settings.empty), currency };
  if (settings.kind === 'postgres') return { ...own, dateFormats: [], sign: '.' };
  const { dateFormat = [], decimal = 'auto' } = settings;
  return { ...own, dateFormats: typeof dateFormat === 'string' ? [dateFormat] : dateFormat, sign: decimal };
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (thrown) {
    if (thrown instanceof RangeError) return false;
    throw thrown;
  }
}

function setupFault(faults: readonly string[]): HeraldError {
  return new HeraldError(
    'setup',
    `The settings of an in-house source cannot be used:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
  );
}
