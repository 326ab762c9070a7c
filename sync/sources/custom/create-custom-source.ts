/** In-house systems by configuration alone: tables, files and endpoints, mapped to the unified model. */
import { HeraldError } from '../../../platform/errors.ts';
import { ReadFault, type Source, type Stream, type UnifiedTable } from '../../source.ts';
import { compileMapping, type Mapping } from './mapping.ts';
import { createFileReader } from './read-files.ts';
import { createHttpReader } from './read-http.ts';
import { createPostgresReader } from './read-postgres.ts';
import type { Reader } from './reader.ts';
import { type CheckedSettings, type CustomSettings, customSettings } from './settings.ts';
import type { Shape } from './values.ts';

/**
 * @param name key in herald.yaml `sources`, and value of `system` in unified rows
 * @throws HeraldError `setup` with every fault of the settings, each with its place and the valid choices
 */
export function createCustomSource(name: string, settings: CustomSettings): Source {
  const checked = customSettings.safeParse(settings);
  if (!checked.success) {
    throw setupFault(
      checked.error.issues.map((issue) => `${[name, ...issue.path].join('.')}: ${issue.message}`),
    );
  }
  const shape = shapeOf(name, checked.data);
  const mappings = new Map<string, Mapping>();
  const faults: string[] = [];
  for (const [stream, spec] of Object.entries(checked.data.streams)) {
    const compiled = compileMapping(`${name}.${stream}`, spec, shape);
    faults.push(...compiled.faults);
    if (compiled.mapping) mappings.set(stream, compiled.mapping);
    for (const before of spec.after ?? []) {
      if (!Object.hasOwn(checked.data.streams, before))
        faults.push(`${name}.${stream}: after "${before}": there is no such stream`);
    }
  }
  if (faults.length > 0) throw setupFault(faults);
  const reader = createReader(name, checked.data, mappings, shape);
  const streams = Object.entries(checked.data.streams).map(
    ([stream, spec]): Stream => ({
      name: stream,
      // compileMapping has refused every other name.
      table: spec.entity as UnifiedTable,
      lanes: reader.lanes,
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

function createReader(
  name: string,
  settings: CheckedSettings,
  mappings: ReadonlyMap<string, Mapping>,
  shape: Shape,
): Reader {
  switch (settings.kind) {
    case 'postgres':
      return createPostgresReader(name, settings, mappings);
    case 'csv':
    case 'jsonl':
      return createFileReader(name, settings, mappings, shape);
    case 'http':
      return createHttpReader(name, settings, shape);
    default:
      return settings satisfies never;
  }
}

function shapeOf(name: string, settings: CheckedSettings): Shape {
  if (!isTimeZone(settings.timeZone))
    throw setupFault([
      `${name}.timeZone: "${settings.timeZone}" is no time zone; write one like Europe/Berlin`,
    ]);
  if (settings.kind === 'postgres') return { dateFormat: null, timeZone: settings.timeZone, sign: '.' };
  return {
    dateFormat: settings.dateFormat ?? null,
    timeZone: settings.timeZone,
    sign: settings.decimal ?? 'auto',
  };
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
