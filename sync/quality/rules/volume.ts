/** Streams that bring far more or far fewer records than they do on this weekday. */
import { type SetRule, title } from '../rule.ts';

/** Weeks of the same weekday that make the baseline, and how many of them there must be. */
const WEEKS = 8;
const LEAST = 4;
/** Days that are judged: a finding stays visible for a week. */
const DAYS = 7;
/** Records below which a day says nothing. */
const FLOOR = 20;
/** Robust standard errors (1.4826 times the median deviation, at least Poisson's), and the least share that people would call unusual. */
const ERRORS = 4;
const SHARE = 0.5;

/**
 * Median and median absolute deviation of the weekday: one bad week moves neither. The day of the first load is not in
 * it. A quiet day counts only when the source was read that day: else the sync failed, not the business. Today is not
 * over: it can only have too many.
 */
export const volumeRules: readonly SetRule[] = [
  {
    kind: 'set',
    name: 'unusual_volume',
    severity: 'notes',
    table: null,
    columns: [],
    tables: [],
    query: `
      select d.source as system, d.stream, d.stream || ' ' || d.day as subject, d.day,
        format('%s %s: %s records changed on %s; on this weekday it is %s.', ${title('d.source')}, d.stream, d.n, d.day, round(d.median)) as sentence
      from (
        select seen.*, coalesce(a.n, 0) as n, base.median, base.deviation, base.weeks
        from (select source, stream, min(day) as first from arrival group by source, stream) s
        cross join clock
        cross join lateral (select s.source, s.stream, s.first, ((clock.at at time zone 'UTC')::date - back) as day, back = 0 as running from generate_series(0, ${DAYS - 1}) back) seen
        left join arrival a on a.source = s.source and a.stream = s.stream and a.day = seen.day
        cross join lateral (
          select count(*) as weeks, m.median, percentile_cont(0.5) within group (order by abs(w.n - m.median)) as deviation
          from (select coalesce(b.n, 0) as n from generate_series(1, ${WEEKS}) week
            left join arrival b on b.source = s.source and b.stream = s.stream and b.day = seen.day - 7 * week
            where seen.day - 7 * week > s.first) w
          cross join lateral (select percentile_cont(0.5) within group (order by coalesce(b.n, 0)) as median from generate_series(1, ${WEEKS}) week
            left join arrival b on b.source = s.source and b.stream = s.stream and b.day = seen.day - 7 * week
            where seen.day - 7 * week > s.first) m
          group by m.median) base) d cross join clock
      where d.weeks >= ${LEAST} and greatest(d.n, d.median) >= ${FLOOR}
        and abs(d.n - d.median) > greatest(${ERRORS} * 1.4826 * d.deviation, ${ERRORS} * sqrt(greatest(d.median, 1)), ${SHARE} * d.median)
        and (d.n > d.median or (not d.running and exists (select from sync_run r where r.source = d.source and r.state = 'SUCCESS'
          and (r.finished_at at time zone 'UTC')::date = d.day)))`,
    one: '1 stream had an unusual day',
    many: '{n} unusual days of streams',
  },
];
