/** Figures of any periods, by whatever way the KPI is computed. */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { KpiDefinition } from '../definition.ts';
import type { EngineSettings } from '../settings.ts';
import { readSpans } from '../span/figures.ts';
import { readArithmetic } from './arithmetic.ts';
import { readDistinct } from './distinct.ts';
import { readPercentile } from './percentile.ts';
import type { Figures, Slice, Span } from './slice.ts';

/** Figures by period and part. Throws `ask` where the KPI cannot be read so (a median as of a past date). */
export async function readFigures(
  sql: Queryable,
  kpi: KpiDefinition,
  periods: readonly Span[],
  slice: Slice,
  settings: EngineSettings,
  today: string,
): Promise<Figures> {
  const { formula } = kpi;
  switch (formula.kind) {
    case 'arithmetic':
      return readArithmetic(sql, {
        text: formula.text,
        catalogue: settings.catalogue,
        periods,
        slice,
        minorPerUnit: settings.minorPerUnit,
        today,
        readOther(name, windows, within) {
          const other = settings.catalogue.kpiByName.get(name);
          if (!other)
            throw new HeraldError('bug', 'Something went wrong inside Herald. It has been logged.', {
              note: `${kpi.name} names a KPI "${name}" that is not in the catalogue`,
            });
          return readFigures(sql, other, windows, within, settings, today);
        },
      });
    case 'span':
      return readSpans(sql, { of: formula.of, periods, slice, minorPerUnit: settings.minorPerUnit });
    case 'percentile':
      return readPercentile(sql, { formula, periods, slice, timeZone: settings.calendar.timeZone });
    case 'distinct':
      return readDistinct(sql, { formula, periods, slice, timeZone: settings.calendar.timeZone });
    default:
      return formula satisfies never;
  }
}
