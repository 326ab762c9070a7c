import type { CalendarSettings } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import type { KnownSource } from './freshness.ts';
import type { Targets } from './target/targets.ts';

/** What the engine has to know of the company. */
export type EngineSettings = {
  catalogue: Catalogue;
  calendar: CalendarSettings;
  currency: string;
  /** 100 for currencies with cents, 1 for those without. */
  minorPerUnit: number;
  sources: readonly KnownSource[];
  /** What KPIs are to reach. Default: none. */
  targets?: Targets;
};
