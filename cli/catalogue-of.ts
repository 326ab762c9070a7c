import type { Config } from '../config.ts';
import { builtIn, type Catalogue } from '../kpi/catalogue.ts';
import { ownCatalogue } from '../kpi/own/own-catalogue.ts';
import { HeraldError } from '../platform/errors.ts';
import { knownSources } from './known-sources.ts';
import { minorPerUnit } from './minor-per-unit.ts';

type Read = { catalogue: Catalogue; faults: readonly string[] };

const read = new WeakMap<Config, Read>();

/** What Herald brings along and the company's own KPIs, with whatever is wrong with those. */
export function readCatalogue(config: Config): Read {
  const known = read.get(config);
  if (known) return known;
  const { kpis, measures, company } = config;
  const made: Read =
    kpis.length === 0 && Object.keys(measures).length === 0
      ? { catalogue: builtIn, faults: [] }
      : ownCatalogue(
          builtIn,
          { kpis, measures },
          { minorPerUnit: minorPerUnit(company.currency), sources: Object.keys(knownSources(config)) },
        );
  read.set(config, made);
  return made;
}

/** The catalogue that a configuration makes. Throws `setup` with every fault of the company's own KPIs. */
export function catalogueOf(config: Config): Catalogue {
  const { catalogue, faults } = readCatalogue(config);
  if (faults.length === 0) return catalogue;
  throw new HeraldError(
    'setup',
    `The configuration has faults:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
  );
}
