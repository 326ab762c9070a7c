/** Which days of which KPIs and segments are out of the ordinary, and what they are told with. Reads only. */
import type { Database } from '../../db/client.ts';
import { benjaminiHochberg, pValue } from '../../kpi/anomaly/false-discovery.ts';
import type { Finding } from '../../kpi/anomaly/finding.ts';
import { newsOf, type Segment, scan } from '../../kpi/anomaly/scan.ts';
import { today as todayIn } from '../../kpi/calendar.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Dimension } from '../../kpi/question.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import { coveredUntil } from './covered-until.ts';
import { readFeedback } from './feedback.ts';
import { tell } from './tell.ts';

export type Unusual = {
  kpi: KpiDefinition;
  /** Null when it is the whole's. */
  segment: Segment | null;
  finding: Finding;
  /** Two sentences: what happened, and which part explains it most or goes with it. */
  text: string;
  /** Where the next click should go. */
  by: Dimension | null;
  /** Somebody asked not to be told of it for now. */
  snoozed: boolean;
};

export type FindInput = {
  db: Database;
  engine: EngineSettings;
  now: Date;
  /** Days (2026-04-03, or 12-25 of every year) on which the company rests. */
  holidays?: readonly string[];
};

/** Share of false alarms among what is told that is put up with. */
const falseShare = 0.1;

type Tested = { kpi: KpiDefinition; segment: Segment | null; finding: Finding | null };

/** At most one per KPI: the whole's, or that of the segment that stands out most when the whole does not. */
export async function findUnusual(input: FindInput): Promise<Unusual[]> {
  const { db, engine, now, holidays = [] } = input;
  const today = todayIn(now, engine.calendar);
  const feedback = await readFeedback(db, now);
  const tested: Tested[] = [];
  for (const kpi of engine.catalogue.kpis) {
    const to = await coveredUntil(db.sql, kpi, engine, now, today);
    if (to === null) continue;
    const scanned = await scan(db.sql, {
      kpi,
      to,
      settings: engine,
      today,
      holidays,
      judgementOf: (segment) => feedback.judgementOf(kpi.name, segment),
    });
    for (const one of scanned.filter(({ volume }) => volume.rhythm !== null))
      tested.push({ kpi, segment: one.segment, finding: newsOf(one, today) });
  }
  // Hundreds of series are looked at every day: some would be odd by chance.
  const verdicts = benjaminiHochberg(
    tested.map(({ finding }) => (finding ? pValue(finding.z) : 1)),
    falseShare,
  );
  const standing = tested.filter(
    (one, i): one is Tested & { finding: Finding } => one.finding !== null && verdicts[i]!,
  );
  const unusual: Unusual[] = [];
  for (const kpi of new Set(standing.map((one) => one.kpi))) {
    const its = standing.filter((one) => one.kpi === kpi);
    const { segment, finding } = foremost(its);
    const alongside = its
      .filter((one) => one.segment !== null && one.segment !== segment)
      .map((one) => one.segment!);
    const told = await tell({ db, engine, kpi, segment, finding, alongside, today });
    unusual.push({ kpi, segment, finding, ...told, snoozed: feedback.isSnoozed(kpi.name, segment) });
  }
  return unusual;
}

/** A whole and its only moving part are one piece of news, and so are the parts of one move: the whole's goes first. */
function foremost<T extends { segment: Segment | null; finding: Finding }>(its: readonly T[]): T {
  return (
    its.find(({ segment }) => segment === null) ??
    its.reduce((a, b) => (Math.abs(b.finding.z) > Math.abs(a.finding.z) ? b : a))
  );
}
