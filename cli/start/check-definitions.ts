/** What the configuration says of KPIs, held against the catalogue at start: every fault at once, each with its place. */
import type { Config } from '../../config.ts';
import { HeraldError } from '../../platform/errors.ts';
import { readCatalogue } from '../catalogue-of.ts';
import { createParser } from '../parser.ts';

export function checkDefinitions(config: Config, now: Date): void {
  const faults: string[] = [];
  const { catalogue, faults: own } = readCatalogue(config);
  const { kpiByName } = catalogue;
  faults.push(...own);
  const parse = createParser(config, now, catalogue);
  config.digests.forEach(({ name, kpis }, i) => {
    for (const text of kpis) {
      try {
        parse(text);
      } catch (thrown) {
        const tries = thrown instanceof HeraldError ? thrown.suggestions : [];
        faults.push(
          `digests.${i} (${name}): "${text}" is not understood${tries.length > 0 ? `; try ${tries.map((one) => `"${one}"`).join(' or ')}` : ''}`,
        );
      }
    }
  });
  config.alerts.forEach(({ kpis }, i) => {
    for (const kpi of kpis)
      if (kpi !== '*' && !kpiByName.has(kpi)) faults.push(`alerts.${i}: there is no KPI "${kpi}"`);
  });
  for (const [name, { by }] of Object.entries(config.targets)) {
    const kpi = kpiByName.get(name);
    if (!kpi) faults.push(`targets.${name}: there is no such KPI; "herald kpis" lists them`);
    for (const dimension of kpi ? Object.keys(by) : [])
      if (!kpi?.dimensions.some((own) => own === dimension))
        faults.push(
          `targets.${name}.by.${dimension}: ${kpi?.title} has no ${dimension}; it has ${kpi?.dimensions.join(', ') || 'no dimensions'}`,
        );
  }
  if (faults.length > 0)
    throw new HeraldError(
      'setup',
      `The configuration has faults:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
}
