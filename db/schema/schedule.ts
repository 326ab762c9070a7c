/** Support schedules as sources and the configuration know them, and their opening times laid out as instants (sync/business-hours/). */
import { pg } from '../drizzle.ts';
import { instant } from './unified/columns.ts';

const { bigint, integer, pgTable, primaryKey, text } = pg;

export const support_schedule = pgTable(
  'support_schedule',
  {
    tenant: integer('tenant').notNull().default(1),
    name: text('name').notNull(),
    /** What is laid out, as text: when it differs from the configuration, it is laid out anew. */
    definition: text('definition').notNull(),
    /** Who gave it; null is the configuration. */
    source: text('source'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.name] })],
);

/** Schedules as the sources themselves keep them; the configuration overrides them by name. */
export const source_schedule = pgTable(
  'source_schedule',
  {
    tenant: integer('tenant').notNull().default(1),
    source: text('source').notNull(),
    name: text('name').notNull(),
    /** A Schedule (sync/business-hours/schedule.ts) as JSON text. */
    definition: text('definition').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.source, t.name] })],
);

export const open_hours = pgTable(
  'open_hours',
  {
    tenant: integer('tenant').notNull().default(1),
    schedule: text('schedule').notNull(),
    opens_at: instant('opens_at').notNull(),
    closes_at: instant('closes_at').notNull(),
    /** Working seconds from the beginning of the layout to `opens_at`; null on the row after which nothing is laid out. */
    seconds_before: bigint('seconds_before', { mode: 'number' }),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.schedule, t.opens_at] })],
);
