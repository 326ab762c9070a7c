/** The detector run again for each day of the past, on what lay before that day. */
import { addDays } from '../calendar.ts';
import type { Day } from '../question.ts';
import type { CountedPoint } from './by-volume.ts';
import { benjaminiHochberg, pValue } from './false-discovery.ts';
import type { Finding } from './finding.ts';
import { historyDays, judge, newsOf, type ScanInput, type Segment } from './scan.ts';

/** An episode that would have been told. */
export type Fired = {
  segment: Segment | null;
  /** The day on which somebody would first have read of it: the one after the day it is about, or after its week. */
  firedOn: Day;
  /** As it would have been told then. */
  finding: Finding;
  /** The last unusual day of the episode, as it was known in the end. */
  endedOn: Day;
  /** The highest level that it reached. */
  level: Finding['level'];
};

export type ReplayInput = Omit<ScanInput, 'to' | 'today'> & {
  series: readonly { segment: Segment | null; points: readonly CountedPoint[] }[];
  /** [from, to): days on which the detector is asked. */
  from: Day;
  to: Day;
  falseShare: number;
};

/** Episodes in the order in which they would have fired. The data are those held now: late records are not late here. */
export function replay({ series, from, to, falseShare, ...rest }: ReplayInput): Fired[] {
  const fired = new Map<string, Fired>();
  for (let today = from; today < to; today = addDays(today, 1)) {
    const since = addDays(today, -historyDays);
    const news = series.map(({ segment, points }) => {
      const known = points.filter(({ day }) => day >= since && day < today);
      const scanned = judge(known, segment, { ...rest, to: today, today });
      return { segment, tested: scanned.volume.rhythm !== null, finding: newsOf(scanned, today) };
    });
    const tested = news.filter((one) => one.tested);
    const verdicts = benjaminiHochberg(
      tested.map(({ finding }) => (finding ? pValue(finding.z) : 1)),
      falseShare,
    );
    tested.forEach(({ segment, finding }, i) => {
      if (!finding || !verdicts[i]) return;
      const key = JSON.stringify([segment, finding.startedOn, finding.kind]);
      const known = fired.get(key);
      if (!known)
        fired.set(key, { segment, firedOn: today, finding, endedOn: finding.endedOn, level: finding.level });
      else {
        known.endedOn = finding.endedOn;
        if (finding.level === 'alert') known.level = 'alert';
      }
    });
  }
  return [...fired.values()];
}
