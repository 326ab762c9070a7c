/** One stored sum that a formula reads: as it was told at both instants, and the changed records in between. */
import { describeRead } from '../components.ts';
import type { Read } from '../formula.ts';
import { readSums } from '../read/measure-sums.ts';
import type { Around } from './around.ts';
import { batchesBetween } from './batches-between.ts';
import { type RestatedPart, withRest } from './part.ts';
import { type ClassChange, readRecordChanges } from './record-changes.ts';

export type RestatedSum = RestatedPart & { changes: readonly ClassChange[] };

export async function restateSum(read: Read, around: Around): Promise<RestatedSum> {
  const { sql, period, filters, versions, days, most } = around;
  const { catalogue, calendar } = around.settings;
  const measure = catalogue.measureByName.get(read.measure)!;
  const amountOf = ({ value, n }: { value: number; n: number }) => (read.what === 'count' ? n : value);
  const amountAt = async (asOf: number) => {
    const [sums] = await readSums(sql, [read], [period], { by: null, filters, asOf });
    return amountOf(sums!.get('')?.get(`${read.measure}@${read.at}`) ?? { value: 0, n: 0 });
  };
  const [before, after] = [await amountAt(versions.from), await amountAt(versions.to)];
  const { batches, own } = await batchesBetween(sql, measure.name, versions);
  const { classes, records } = await readRecordChanges(sql, {
    measure,
    lo: read.at === 'period' ? period.from : null,
    hi: read.at === 'start' ? period.from : period.to,
    filters,
    timeZone: calendar.timeZone,
    batches,
    knownDay: days.from,
    most,
  });
  const known = classes.map((one) => ({ class: one.class, records: one.records, amount: amountOf(one) }));
  return {
    ...describeRead(read, catalogue),
    unit: read.what === 'count' ? 'count' : measure.unit,
    before,
    after,
    classes: withRest(known, { before, after, own }),
    records: records.map(({ value, n, ...record }) => ({
      ...record,
      name: null,
      amount: amountOf({ value, n }),
    })),
    changes: classes,
  };
}
