/** `herald verify [KPI] [--repair] [--format json]`: stored numbers against the facts they were made from. */
import { parseArgs } from 'node:util';
import type { Catalogue } from '../kpi/catalogue.ts';
import type { KpiDefinition } from '../kpi/definition.ts';
import { LEDGER, storedUnder } from '../kpi/edition/stored-under.ts';
import { parseFormula, reads } from '../kpi/formula.ts';
import { distributionOf } from '../kpi/rollup/distribution.ts';
import { type Difference, type Verification, verify as verifyStored } from '../kpi/verify/verify.ts';
import { HeraldError } from '../platform/errors.ts';
import { asHeraldError, openHouse } from './house.ts';
import type { Verb } from './verb.ts';

/** Exit code when something differs and was not mended. */
const DIFFERS = 1;

export const verify: Verb = async ({ args, terminal, config, now }) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { repair: { type: 'boolean', default: false }, format: { type: 'string', default: 'text' } },
    allowPositionals: true,
  });
  try {
    const house = await openHouse(config(), now, terminal.say, { max: 2, name: 'herald-verify' });
    try {
      const { catalogue, calendar } = house.engine;
      const kpi = positionals.length === 0 ? null : namedKpi(positionals.join('_'), catalogue);
      const found = await verifyStored(house.db, {
        settings: { measures: catalogue.measures, timeZone: calendar.timeZone },
        only: kpi && measuresUnder(kpi, catalogue),
        ledger: kpi === null || storedUnder(kpi, catalogue).some(({ name }) => name === LEDGER),
        repair: values.repair,
      });
      terminal.out(values.format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : asText(found));
      return found.differences.length > 0 && !found.repaired ? DIFFERS : 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

function namedKpi(name: string, { kpiByName }: Catalogue): KpiDefinition {
  const kpi = kpiByName.get(name);
  if (!kpi)
    throw new HeraldError(
      'ask',
      `There is no KPI "${name}". "herald kpis" lists their names; without one, all are verified.`,
    );
  return kpi;
}

function measuresUnder({ formula }: KpiDefinition, catalogue: Catalogue): string[] {
  if (formula.kind === 'span') return ['mrr'];
  if (formula.kind === 'percentile') return [distributionOf(formula).name];
  if (formula.kind === 'lifetime') return ['mrr'];
  if (formula.kind === 'attribution') return ['won_value'];
  // Different values and stage histories are read from the facts themselves.
  if (formula.kind === 'distinct' || formula.kind === 'stages' || formula.kind === 'linked') return [];
  return reads(parseFormula(formula.text)).flatMap((read) => {
    const other = read.what === 'kpi' ? catalogue.kpiByName.get(read.measure) : undefined;
    return other ? measuresUnder(other, catalogue) : [read.measure];
  });
}

function asText({ dataVersion, measures, differences, repaired }: Verification): string {
  const lines = [
    `${measures} measures compared with their facts at data version ${dataVersion}: ${differences.length === 0 ? 'all agree' : `${differences.length} differ`}.`,
    ...differences.map(line),
  ];
  if (repaired)
    lines.push(
      `Mended: ${[...repaired.measures, ...(repaired.ledger ? ['the ledger of recurring revenue'] : [])].join(', ')}. Numbers are right from data version ${repaired.dataVersion} on; answers as of earlier instants stay what was shown then.`,
    );
  else if (differences.length > 0) lines.push('"herald verify --repair" mends them.');
  return `${lines.join('\n')}\n`;
}

const line = ({ in: where, measure, rows, value, n, days: [first, last] }: Difference) =>
  `  ${measure ?? 'recurring revenue'} (${where}): ${rows} rows between ${first} and ${last}; the facts say ${signed(value)} and ${signed(n)} records`;
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toLocaleString('en')}`;
