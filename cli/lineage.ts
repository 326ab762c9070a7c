/** `herald lineage KPI PERIOD [--most N] [--now ISO] [--format json]`: the source records behind a number, with links into their systems. */
import { parseArgs } from 'node:util';
import type { Answer } from '../kpi/answer.ts';
import { answer } from '../kpi/engine.ts';
import { formatAnswerValue, formatValue } from '../kpi/number.ts';
import { type LineagePart, readLineage } from '../kpi/read/lineage.ts';
import { HeraldError } from '../platform/errors.ts';
import { plainText } from '../render/plain-text.ts';
import { asHeraldError, type House, openHouse } from './house.ts';
import { readNow } from './options.ts';
import { createParser } from './parser.ts';
import { type LinkSettings, recordLink } from './record-link.ts';
import type { Verb } from './verb.ts';

const MOST = '50';

export const lineage: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: {
      most: { type: 'string', default: MOST },
      now: { type: 'string' },
      format: { type: 'string', default: 'text' },
    },
    allowPositionals: true,
  });
  if (!/^[1-9]\d{0,4}$/.test(values.most))
    throw new HeraldError('ask', `--most takes a number, not "${values.most}".`);
  const { terminal } = tools;
  try {
    const config = tools.config();
    const now = readNow(values.now, tools.now);
    const question = createParser(config, now)(positionals.join(' '));
    if (question.asOf !== null)
      throw new HeraldError('ask', 'Lineage shows the records as they are now. Ask without "as of".');
    const house = await openHouse(config, () => now, terminal.say, { max: 2, name: 'herald-lineage' });
    try {
      const answered = await answer(
        house.db,
        { ...question, by: null, top: null, comparison: null },
        house.engine,
        now,
      );
      const parts = await readLineage(house.db.sql, house.engine.catalogue.kpiByName.get(question.kpi)!, {
        catalogue: house.engine.catalogue,
        period: question.period,
        filters: answered.question.filters,
        timeZone: config.company.timeZone,
        most: Number(values.most),
      });
      const sources = config.sources as Record<string, LinkSettings>;
      terminal.out(
        values.format === 'json'
          ? `${JSON.stringify(asJson(answered, parts, sources), null, 2)}\n`
          : asText(answered, parts, sources, house),
      );
      if (await isCatchingUp(house))
        terminal.say('Changes are being counted right now: records may be ahead of the number. Ask again.');
      return 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

async function isCatchingUp({ db }: House): Promise<boolean> {
  const [row] = await db.sql<{ behind: boolean }[]>`
    select (select seq from data_version) > coalesce((select seq from consumer_position where consumer = 'rollup'), 0) as behind`;
  return row?.behind ?? false;
}

type Sources = Readonly<Record<string, LinkSettings>>;

function asJson(
  { kpi, value, unit, period, reading, dataVersion }: Answer,
  parts: readonly LineagePart[],
  sources: Sources,
) {
  return {
    kpi,
    value,
    unit,
    period,
    reading,
    dataVersion,
    parts: parts.map((part) => ({
      ...part,
      records: part.records.map((record) => ({
        ...record,
        origins: record.origins.map((origin) => ({ ...origin, link: recordLink(origin, sources) })),
      })),
    })),
  };
}

function asText(
  answered: Answer,
  parts: readonly LineagePart[],
  sources: Sources,
  { engine }: House,
): string {
  const { currency, minorPerUnit } = engine;
  const shown = (value: number | null, unit: LineagePart['unit']) =>
    unit === 'money'
      ? formatValue(value === null ? null : value / minorPerUnit, 'money', { currency, style: 'exact' })
      : unit === 'seconds'
        ? formatValue(value === null ? null : value / 60, 'minutes', { style: 'exact' })
        : formatValue(value, unit === 'count' ? 'count' : 'score', { style: 'exact' });
  const lines = [
    `${answered.title} · ${answered.period.label}: ${formatAnswerValue(answered, { style: 'exact' })}`,
    answered.definition.formula,
  ];
  for (const part of parts) {
    const total = part.total === null ? '' : `${shown(part.total, part.unit)} from `;
    lines.push('', `${part.label}: ${total}${part.count.toLocaleString('en')} records`);
    for (const { day, value, name, origins } of part.records) {
      const cells = [day ?? '', shown(value, part.unit), ...(name === null ? [] : [plainText(name, 80)])];
      const from = origins.map((origin) => {
        const link = recordLink(origin, sources);
        return link ?? `${origin.system} ${origin.table} ${plainText(origin.id, 120)}`;
      });
      lines.push(`  ${[...cells, from.join(' ')].join('\t')}`);
    }
    if (part.count > part.records.length)
      lines.push(
        `  and ${(part.count - part.records.length).toLocaleString('en')} more (--most N shows them)`,
      );
  }
  return `${lines.join('\n')}\n`;
}
