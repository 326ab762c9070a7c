/** `herald kpis [--format json]`: the catalogue, one line per KPI, its name first. */
import { parseArgs } from 'node:util';
import { catalogueOf } from './catalogue-of.ts';
import type { Verb } from './verb.ts';

/** What `--format json` tells of a KPI. */
const shown = [
  'name',
  'title',
  'area',
  'unit',
  'good',
  'text',
  'dimensions',
  'synonyms',
  'version',
  'sources',
  'owner',
  'reference',
] as const;

export const kpis: Verb = async ({ args, terminal, config }) => {
  const { values } = parseArgs({ args: [...args], options: { format: { type: 'string', default: 'text' } } });
  const { kpis: catalogue } = catalogueOf(config());
  if (values.format === 'json') {
    const rows = catalogue.map((kpi) => Object.fromEntries(shown.map((field) => [field, kpi[field]])));
    terminal.out(`${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...catalogue.map((kpi) => kpi.name.length));
  for (const kpi of catalogue)
    terminal.out(`${kpi.name.padEnd(width)}  ${kpi.area.padEnd(9)}  ${kpi.text}\n`);
  return 0;
};
