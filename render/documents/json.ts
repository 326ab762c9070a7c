import type { Answer } from '../../kpi/answer.ts';

/** The public shape of an answer: what REST, MCP and `--json` give. Adding a field is fine, changing one is not. */
export type PublicAnswer = {
  kpi: string;
  title: string;
  area: string;
  /** Percent as a number (2.1 is 2.1 %), money in currency units; null is "no records", never 0. */
  value: number | null;
  unit: Answer['unit'];
  currency: string | null;
  period: { from: string; to: string; label: string; complete: boolean };
  comparison: {
    label: string;
    from: string;
    to: string;
    value: number | null;
    change: number | null;
    changeUnit: 'pp' | '%';
    good: boolean | null;
  } | null;
  target: number | null;
  pace: Answer['pace'];
  /** `within`: buckets inside the period; `trailing`: whole periods up to and including the asked one. */
  seriesKind: 'within' | 'trailing';
  seriesGrain: Answer['seriesGrain'];
  series: { at: string; value: number | null; comparison: number | null; complete: boolean }[];
  parts: { dimension: string; name: string; value: number | null; n: number; comparison: number | null }[];
  components: {
    name: string;
    label: string;
    value: number | null;
    comparison: number | null;
    unit: Answer['unit'];
  }[];
  freshness: {
    source: string;
    title: string;
    coveredUntil: string | null;
    ageSeconds: number | null;
    stale: boolean;
  }[];
  definition: { version: string; text: string; formula: string; owner: string };
  warnings: string[];
  dataVersion: number;
  sentence: string;
  reading: string;
  asOf: string | null;
  at: string;
};

/** Answer → its public shape. Named field by field, so that a new field inside never leaks out by itself. */
export function publicAnswer(answer: Answer): PublicAnswer {
  const { period, comparison, definition } = answer;
  return {
    kpi: answer.kpi,
    title: answer.title,
    area: answer.area,
    value: answer.value,
    unit: answer.unit,
    currency: answer.currency,
    period: { from: period.from, to: period.to, label: period.label, complete: period.complete },
    comparison:
      comparison === null
        ? null
        : {
            label: comparison.label,
            from: comparison.period.from,
            to: comparison.period.to,
            value: comparison.value,
            change: comparison.change,
            changeUnit: comparison.changeUnit,
            good: comparison.good,
          },
    target: answer.target,
    pace: answer.pace,
    seriesKind: answer.seriesKind,
    seriesGrain: answer.seriesGrain,
    series: answer.series.map(({ at, value, comparison: before, complete }) => ({
      at,
      value,
      comparison: before,
      complete,
    })),
    parts: answer.parts.map(({ dimension, name, value, n, comparison: before }) => ({
      dimension,
      name,
      value,
      n,
      comparison: before,
    })),
    components: answer.components.map(({ name, label, value, comparison: before, unit }) => ({
      name,
      label,
      value,
      comparison: before,
      unit,
    })),
    freshness: answer.freshness.map(({ source, title, coveredUntil, ageSeconds, stale }) => ({
      source,
      title,
      coveredUntil,
      ageSeconds,
      stale,
    })),
    definition: {
      version: definition.version,
      text: definition.text,
      formula: definition.formula,
      owner: definition.owner,
    },
    warnings: [...answer.warnings],
    dataVersion: answer.dataVersion,
    sentence: answer.sentence,
    reading: answer.reading,
    asOf: answer.question.asOf,
    at: answer.at,
  };
}
