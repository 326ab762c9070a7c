/** What currencies are worth, source-keyed. Amounts are kept in the company's currency: what came in another is converted as it is written. */
import { pg } from '../../drizzle.ts';
import { key } from './columns.ts';

const { date, index, integer, numeric, pgTable, primaryKey, text } = pg;

export const exchange_rate = pgTable(
  'exchange_rate',
  {
    ...key,
    currency: text('currency'),
    /** The currency it is worth this in: the company's. */
    home: text('home'),
    /** From this day until the next one that has a rate; null: ever. */
    day: date('day'),
    /** Units of `home` for one unit of `currency`; or the other way round, whichever the source states. */
    rate: numeric('rate'),
    inverse: numeric('inverse'),
    /** Decimal places of `home` less those of `currency`: yen have none, cents have two. */
    shift: integer('shift'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('exchange_rate_currency').on(t.currency, t.day),
  ],
);
