/** Figures of any periods, by whatever way the KPI is computed. */

import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { readAttributed } from '../attribution/attributed-figures.ts';
import type { KpiDefinition } from '../definition.ts';
import { readLifetime } from '../lifetime/lifetime-figures.ts';
import { readLinked } from '../linked/linked-figures.ts';
import type { EngineSettings } from '../settings.ts';
import { readSpans } from '../span/figures.ts';
import { readStages } from '../stages/stage-figures.ts';
import { readArithmetic } from './arithmetic.ts';
import { readDistinct } from './distinct.ts';
import { type Once, once } from './once.ts';
import { readPercentile } from './percentile.ts';
import type { Figures, Slice, Span } from './slice.ts';

/** Figures by period and part. Throws `ask` where the KPI cannot be read so (a median as of a past date). */
export function readFigures(
  sql: Queryable,
  kpi: KpiDefinition,
  periods: readonly Span[],
  slice: Slice,
  settings: EngineSettings,
  today: string,
  /** What was read of this snapshot already: pass it on to read several KPIs. */
  kept: Once = new Map(),
): Promise<Figures> {
  return once(kept, ['kpi', kpi.name, periods.map(({ from, to }) => [from, to]), slice], () =>
    compute(sql, kpi, { periods, slice, settings, today, kept }),
  );
}

/** The same of several KPIs in one snapshot, in their order: what they have in common is read once, and together. */
export function readAll(
  sql: Queryable,
  kpis: readonly KpiDefinition[],
  periods: readonly Span[],
  slice: Slice,
  settings: EngineSettings,
  today: string,
): Promise<Figures[]> {
  const kept: Once = new Map();
  return Promise.all(kpis.map((kpi) => readFigures(sql, kpi, periods, slice, settings, today, kept)));
}

type Asked = {
  periods: readonly Span[];
  slice: Slice;
  settings: EngineSettings;
  today: string;
  kept: Once;
};

async function compute(
  sql: Queryable,
  kpi: KpiDefinition,
  { periods, slice, settings, today, kept }: Asked,
): Promise<Figures> {
  const { formula } = kpi;
  const readOther = (name: string, windows: readonly Span[], within: Slice): Promise<Figures> => {
    const other = settings.catalogue.kpiByName.get(name);
    if (!other)
      throw new HeraldError('bug', 'Something went wrong inside Herald. It has been logged.', {
        note: `${kpi.name} names a KPI "${name}" that is not in the catalogue`,
      });
    return readFigures(sql, other, windows, within, settings, today, kept);
  };
  switch (formula.kind) {
    case 'arithmetic':
      return readArithmetic(sql, {
        text: formula.text,
        catalogue: settings.catalogue,
        periods,
        slice,
        minorPerUnit: settings.minorPerUnit,
        today,
        readOther,
        kept,
      });
    case 'span':
      return readSpans(sql, { of: formula.of, periods, slice, minorPerUnit: settings.minorPerUnit, kept });
    case 'attribution':
      return readAttributed(sql, {
        model: formula.model,
        periods,
        slice,
        timeZone: settings.calendar.timeZone,
        minorPerUnit: settings.minorPerUnit,
        today,
        shared: kept,
      });
    case 'lifetime':
      return readLifetime(sql, {
        formula,
        periods,
        slice,
        minorPerUnit: settings.minorPerUnit,
        currency: settings.currency,
        today,
        readOther,
      });
    case 'stages':
      return readStages(sql, { of: formula.of, periods, slice, timeZone: settings.calendar.timeZone });
    case 'linked':
      return readLinked(sql, {
        of: formula.of,
        periods,
        slice,
        timeZone: settings.calendar.timeZone,
        minorPerUnit: settings.minorPerUnit,
      });
    case 'percentile':
      return readPercentile(sql, { formula, periods, slice, timeZone: settings.calendar.timeZone, kept });
    case 'distinct':
      return readDistinct(sql, { formula, periods, slice, timeZone: settings.calendar.timeZone });
    default:
      return formula satisfies never;
  }
}
