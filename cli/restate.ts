/** `herald restate KPI PERIOD --between A [--and B] [--most N] [--format json]`: why a number changed between two instants. */
import { parseArgs } from 'node:util';
import { instantOf, isDay } from '../kpi/calendar.ts';
import { formatValue } from '../kpi/number.ts';
import { classes } from '../kpi/restate/classes.ts';
import type { RestatedPart } from '../kpi/restate/part.ts';
import { type Restatement, restate as restateKpi } from '../kpi/restate/restate.ts';
import { redefinedLine, sayEffect } from '../kpi/restate/say-effect.ts';
import type { EngineSettings } from '../kpi/settings.ts';
import { HeraldError } from '../platform/errors.ts';
import { plainText } from '../render/plain-text.ts';
import { asHeraldError, openHouse } from './house.ts';
import { readNow } from './options.ts';
import { createParser } from './parser.ts';
import type { Verb } from './verb.ts';

export const restate: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: {
      between: { type: 'string' },
      and: { type: 'string' },
      most: { type: 'string', default: '10' },
      now: { type: 'string' },
      format: { type: 'string', default: 'text' },
    },
    allowPositionals: true,
  });
  if (values.between === undefined)
    throw new HeraldError(
      'ask',
      'Say since when: --between 2026-10-15, and if not until now, --and 2026-11-01.',
    );
  if (!/^[1-9]\d{0,3}$/.test(values.most))
    throw new HeraldError('ask', `--most takes a number, not "${values.most}".`);
  try {
    const config = tools.config();
    const now = readNow(values.now, tools.now);
    const { timeZone } = config.company;
    const question = createParser(config, now)(positionals.join(' '));
    const [from, to] = [
      readInstant(values.between, timeZone),
      values.and ? readInstant(values.and, timeZone) : now,
    ];
    const house = await openHouse(config, () => now, tools.terminal.say, { max: 2, name: 'herald-restate' });
    try {
      const kpi = house.engine.catalogue.kpiByName.get(question.kpi)!;
      const { period, filters } = question;
      // One snapshot: figures, deltas and records of the same state.
      const found = await house.db.inTransaction(
        (sql) => restateKpi(sql, { kpi, period, filters, from, to, most: Number(values.most) }, house.engine),
        { isolation: 'repeatable read' },
      );
      tools.terminal.out(
        values.format === 'json'
          ? `${JSON.stringify(found, null, 2)}\n`
          : asText(found, `${kpi.title} · ${period.label}`, kpi.unit, house.engine),
      );
      return 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

/** A day means its first moment in the company's time zone. */
function readInstant(text: string, timeZone: string): Date {
  if (isDay(text)) return instantOf(text, timeZone);
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new HeraldError('ask', `"${text}" is no instant. Write 2026-10-15 or 2026-10-15T09:00:00Z.`);
  return at;
}

function asText(
  found: Restatement,
  title: string,
  unit: Parameters<typeof formatValue>[1],
  { currency, minorPerUnit }: EngineSettings,
): string {
  const value = (number: number | null) => formatValue(number, unit, { currency, style: 'exact' });
  const amount = (number: number, of: RestatedPart['unit']) => {
    const text =
      of === 'money'
        ? formatValue(Math.abs(number) / minorPerUnit, 'money', { currency, style: 'exact' })
        : of === 'seconds'
          ? formatValue(Math.abs(number) / 60, 'minutes', { style: 'exact' })
          : Math.abs(number).toLocaleString('en');
    return `${number < 0 ? '−' : '+'}${text}`;
  };
  const lines = [
    `${title}: ${value(found.before)} at ${found.from.at}, ${value(found.after)} at ${found.to.at}`,
  ];
  if (found.redefined) lines.push(redefinedLine(found.redefined));
  for (const { class: name, amount: effect } of found.effects ?? [])
    lines.push(`  ${sayEffect(effect, unit, currency)}\t${classes[name]}`);
  if (found.effects === null && found.parts.some((part) => part.classes.length > 0))
    lines.push(
      '  What each kind of change did to the figure cannot be told: it was unknown on the way. Its parts:',
    );
  for (const part of found.parts) {
    const change = part.after - part.before;
    lines.push(
      '',
      `${part.label}: ${change === 0 && part.classes.length === 0 ? 'unchanged' : amount(change, part.unit)}`,
    );
    for (const one of part.classes)
      lines.push(
        `  ${amount(one.amount, part.unit)}\t${classes[one.class]}${one.records > 0 ? ` (${one.records.toLocaleString('en')})` : ''}`,
      );
    for (const one of part.records)
      lines.push(
        `    ${amount(one.amount, part.unit)}\t${one.class}\t${plainText(one.name ?? `${one.system} ${one.id}`, 120)}`,
      );
  }
  return `${lines.join('\n')}\n`;
}
