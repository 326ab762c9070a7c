/**
 * `herald backtest KPI [--from DAY] [--to DAY] [--segment DIMENSION[=VALUE]]`: what would have been told, day by day.
 * `herald backtest --file series.csv [--all]`: any series of times and values through the same detector.
 */
import { parseArgs } from 'node:util';
import { coveredUntil } from '../bot/alert/covered-until.ts';
import { readFeedback } from '../bot/alert/feedback.ts';
import { sentenceOf } from '../bot/alert/tell.ts';
import { detectSeries } from '../kpi/anomaly/detect-series.ts';
import { readDays } from '../kpi/anomaly/read-days.ts';
import { type Fired, replay } from '../kpi/anomaly/replay.ts';
import { historyDays, judge, largest, type Segment } from '../kpi/anomaly/scan.ts';
import { watchOf } from '../kpi/anomaly/watch.ts';
import { addDays, isDay, minDay, today as todayIn } from '../kpi/calendar.ts';
import type { KpiDefinition } from '../kpi/definition.ts';
import type { Day, Dimension } from '../kpi/question.ts';
import { HeraldError } from '../platform/errors.ts';
import { plainText } from '../render/plain-text.ts';
import { asHeraldError, type House, openHouse } from './house.ts';
import { readNow } from './options.ts';
import { createParser } from './parser.ts';
import { readSeriesFile } from './read-series-file.ts';
import type { Terminal } from './terminal.ts';
import type { Verb } from './verb.ts';

const usualDays = 180;
const falseShare = 0.1;

export const backtest: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      segment: { type: 'string' },
      file: { type: 'string' },
      all: { type: 'boolean', default: false },
      now: { type: 'string' },
      format: { type: 'string', default: 'text' },
    },
    allowPositionals: true,
  });
  if (values.file !== undefined) return ofFile(values.file, values, tools.terminal);
  if (positionals.length === 0)
    throw new HeraldError(
      'ask',
      'Say which KPI: herald backtest tickets_created, or a file: --file series.csv.',
    );
  for (const day of [values.from, values.to])
    if (day !== undefined && !isDay(day))
      throw new HeraldError('ask', `"${day}" is no day. Write 2026-10-15.`);
  try {
    const config = tools.config();
    const now = readNow(values.now, tools.now);
    const { kpi: name } = createParser(config, now)(positionals.join(' '));
    const house = await openHouse(config, () => now, tools.terminal.say, { max: 2, name: 'herald-backtest' });
    try {
      const kpi = house.engine.catalogue.kpiByName.get(name)!;
      const tested = await test(house, kpi, now, values);
      tools.terminal.out(
        values.format === 'json'
          ? `${JSON.stringify(asJson(tested, house), null, 2)}\n`
          : asText(tested, house),
      );
      return 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

type Tested = { kpi: KpiDefinition; from: Day; to: Day; stated: string; series: number; fired: Fired[] };

async function test(
  { db, engine, config }: House,
  kpi: KpiDefinition,
  now: Date,
  asked: { from?: string | undefined; to?: string | undefined; segment?: string | undefined },
): Promise<Tested> {
  const watch = watchOf(kpi, engine.catalogue);
  if (watch.how === 'none') throw new HeraldError('ask', `${watch.reason}.`);
  const today = todayIn(now, engine.calendar);
  const covered = await coveredUntil(db.sql, kpi, engine, now, today);
  if (covered === null)
    throw new HeraldError(
      'ask',
      `${kpi.title} has no data yet: one of its sources was never read. Run "herald sync".`,
    );
  // Asked on a day, the detector knows the days before it: the last one to ask on is the first that is not covered.
  const to = addDays(minDay(asked.to ?? covered, covered), 1);
  const from = asked.from ?? addDays(to, -usualDays);
  if (from >= to)
    throw new HeraldError('ask', `--from ${from} is not before the end of the data, ${covered}.`);
  const [dimension, value] = readSegment(kpi, asked.segment);
  const parts = await readDays(db.sql, {
    kpi,
    from: addDays(from, -historyDays),
    to,
    settings: engine,
    today,
    slice: { by: dimension, filters: [], asOf: null },
  });
  const chosen: [string, ReturnType<typeof parts.get>][] =
    dimension === null
      ? [['', parts.get('')]]
      : value === null
        ? largest(parts)
        : [[value, parts.get(value)]];
  const series = chosen.flatMap(([name, points]) =>
    points
      ? [{ segment: dimension === null ? null : ({ dimension, value: name } satisfies Segment), points }]
      : [],
  );
  if (series.length === 0)
    throw new HeraldError(
      'ask',
      `${kpi.title} has no ${dimension ?? 'day'} ${value === null ? 'with records' : `"${value}"`}.`,
    );
  const feedback = await readFeedback(db, now);
  const input = {
    kpi,
    settings: engine,
    holidays: config.company.holidays,
    // As people have judged since: what was masked is masked here too.
    judgementOf: (segment: Segment | null) => feedback.judgementOf(kpi.name, segment),
  };
  const stated = series.map(({ segment, points }) => {
    const { volume } = judge(points, segment, { ...input, to, today });
    return segment ? `${segment.value} ${volume.stated}` : volume.stated;
  });
  const fired = replay({ ...input, series, from, to, falseShare });
  return { kpi, from, to, stated: stated.join('; '), series: series.length, fired };
}

function readSegment(kpi: KpiDefinition, text: string | undefined): [Dimension | null, string | null] {
  if (text === undefined) return [null, null];
  const [name = '', ...rest] = text.split('=');
  const dimension = kpi.dimensions.find((one) => one === name);
  if (!dimension)
    throw new HeraldError(
      'ask',
      `${kpi.title} cannot be split by "${name}". It can be split by ${kpi.dimensions.join(', ')}: --segment ${kpi.dimensions[0] ?? 'region'}=…`,
    );
  return [dimension, rest.length > 0 ? rest.join('=') : null];
}

const monthly = (fired: readonly Fired[]) =>
  fired.reduce(
    (months, { firedOn }) => months.set(firedOn.slice(0, 7), (months.get(firedOn.slice(0, 7)) ?? 0) + 1),
    new Map<string, number>(),
  );

function asJson({ kpi, from, to, stated, series, fired }: Tested, { engine }: House) {
  return {
    kpi: kpi.name,
    from,
    to,
    judged: stated,
    series,
    fired: fired.map((one) => ({
      ...one.finding,
      firedOn: one.firedOn,
      segment: one.segment,
      level: one.level,
      endedOn: one.endedOn,
      sentence: sentenceOf(kpi, one.segment, one.finding, engine.currency),
    })),
    perMonth: Object.fromEntries(monthly(fired)),
  };
}

function asText({ kpi, from, to, stated, series, fired }: Tested, { engine }: House): string {
  const lines = [
    `${kpi.title}, ${from} to ${addDays(to, -1)}${series > 1 ? `, ${series} segments` : ''}: judged ${plainText(stated, 600)}.`,
  ];
  for (const { firedOn, segment, finding, level, endedOn } of fired) {
    const until = endedOn === finding.startedOn ? '' : ` Until ${endedOn}.`;
    lines.push(
      `${firedOn}  ${level.padEnd(5)}  z ${finding.z.toFixed(1).padStart(6)}  ${plainText(sentenceOf(kpi, segment, finding, engine.currency), 600)}${until}`,
    );
  }
  const months = [...monthly(fired)].map(([month, n]) => `${month} ${n}`);
  lines.push(fired.length === 0 ? 'Nothing would have been told.' : `By month: ${months.join(', ')}.`);
  return `${lines.join('\n')}\n`;
}

/** Flagged points as CSV or JSON, all of them with `--all`. */
function ofFile(file: string, { all, format }: { all: boolean; format: string }, terminal: Terminal): number {
  const rows = readSeriesFile(file);
  const { points, refusal, episodes, grain } = detectSeries(rows);
  const written = new Map(rows.map(({ at, timestamp }) => [at, timestamp]));
  const shown = points
    .filter(({ flagged }) => all || flagged)
    .map(({ at, ...point }) => ({ timestamp: written.get(at) ?? String(at), ...point }));
  if (format === 'json')
    terminal.out(`${JSON.stringify({ grain, episodes, refusal, points: shown }, null, 2)}\n`);
  else {
    const columns = [
      'timestamp',
      'value',
      'expected',
      'low',
      'high',
      'z',
      'score',
      'flagged',
      'episode',
    ] as const;
    const cell = (one: string | number | boolean | null) =>
      one === null ? '' : typeof one === 'number' ? String(Number(one.toPrecision(8))) : String(one);
    terminal.out(
      `${[columns.join(','), ...shown.map((point) => columns.map((column) => cell(point[column])).join(','))].join('\n')}\n`,
    );
    if (refusal) terminal.say(refusal);
  }
  return 0;
}
