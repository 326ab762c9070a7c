/**
 * The unified model: one shape for what five systems say. Rows are *source-keyed*: (tenant, system, id) is the
 * source record. `company` and the stamped dimensions are written by entity resolution, never by a source's batch;
 * everything else is written by the source's own mapping. Money is integer minor units, instants are UTC,
 * dates without a time are calendar dates and are never shifted.
 */
import { pg } from '../../drizzle.ts';

const { bigint, integer, text, timestamp } = pg;

export const key = {
  /** First in every primary key, so that a Postgres-compatible distributed engine can shard the table. */
  tenant: integer('tenant').notNull().default(1),
  system: text('system').notNull(),
  id: text('id').notNull(),
};

/** Written by entity resolution. `company` is null until the row's account is matched. */
export const stamped = {
  company: bigint('company', { mode: 'number' }),
  region: text('region'),
  segment: text('segment'),
};

export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
export const money = (name: string) => bigint(name, { mode: 'number' });

/**
 * The amount as its record states it, where that is not the company's currency; the amount beside it is then written by
 * the database, converted at the rate of the fact's day, and null while there is no rate: never summed unconverted.
 */
export const original = <Name extends string>(amount: Name) =>
  bigint(`original_${amount}` as `original_${Name}`, { mode: 'number' });
