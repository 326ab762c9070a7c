import type { CalendarSettings } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import type { KnownSource } from './freshness.ts';
import type { Period } from './question.ts';

/** What the engine has to know of the company. */
export type EngineSettings = {
  catalogue: Catalogue;
  calendar: CalendarSettings;
  currency: string;
  /** 100 for currencies with cents, 1 for those without. */
  minorPerUnit: number;
  sources: readonly KnownSource[];
  /** Target of a KPI for a period, in the KPI's unit; null when none is set. */
  target?: (kpi: string, period: Period) => number | null;
};
