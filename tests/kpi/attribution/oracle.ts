/** The journeys and credits of tests/fixtures/attribution (see ORIGIN.md there). */
import { readFileSync } from 'node:fs';
import type { TouchModel } from '../../../kpi/attribution/credit.ts';
import type { Journey } from '../../../kpi/attribution/journey.ts';

const columns: Record<TouchModel | 'markov', string> = {
  first: 'attribution_first_click_heuristic',
  last: 'attribution_last_click_heuristic',
  linear: 'attribution_linear_heuristic',
  position: 'attribution_position_based_0.4_0.2_0.4_heuristic',
  time_decay: 'attribution_time_decay0.9958826236582974_freq1_heuristic',
  markov: 'attribution_markov_algorithmic',
};

type Row = Record<string, string>;

function rowsOf(name: string): Row[] {
  const file = new URL(`../../fixtures/attribution/${name}`, import.meta.url);
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}

const list = (cell = '') => cell.split(' > ');

export function oracleJourneys(): Journey[] {
  return rowsOf('journeys.csv').map((row) => {
    const hours = list(row.hours_till_conv).map(Number);
    const touches = list(row.path).map((channel, i) => ({ channel, hoursBefore: hours[i]! }));
    return { touches, value: Number(row.value) };
  });
}

/**
 * Per line: the journey and its touches' credits. The library lists its journeys in another order than
 * journeys.csv, hence each line brings its own.
 */
export function oracleCredits(model: TouchModel): { journey: Journey; credits: number[] }[] {
  return rowsOf('expected_per_touch.csv').map((row) => {
    const hours = list(row.time_till_conv_agg).map(Number);
    const touches = list(row.channels_agg).map((channel, i) => ({ channel, hoursBefore: hours[i]! }));
    return {
      journey: { touches, value: Number(row.conversion_value) },
      credits: list(row[columns[model]]).map(Number),
    };
  });
}

export function oracleByChannel(model: TouchModel | 'markov'): Map<string, number> {
  return new Map(
    rowsOf('expected_by_channel.csv').map((row) => [row.channels!, Number(row[columns[model]])]),
  );
}

export const oracleTotal = 2_378_698.96;
