import { createDemand } from './demand.ts';
import type { Company } from './model.ts';
import { moment, rhythm } from './rhythm.ts';
import { teamOf } from './staff.ts';
import { isSurge, planted } from './stories.ts';
import { liveTicket } from './ticket-life.ts';
import { writeTicket } from './ticket-records.ts';

/** Tickets at full size without the surge. */
const TICKETS = 8600;
/** A surge day has this many at least, so that it shows in a small company too. */
const LEAST_ON_SURGE_DAY = 4;

/**
 * Day by day, so that every day's number follows one law: chance around growth times weekday.
 * Demand grows with the number of customers, hence faster than in a line.
 */
export function writeTickets(company: Company): void {
  const { calendar } = company;
  const random = company.random('tickets');
  const busy = rhythm(calendar, { from: 0, to: 1, curve: 1.45, weekend: 0.3, seasonal: false });
  let sum = 0;
  for (let day = calendar.first; day <= calendar.anchor; day++) sum += busy(day);
  const agents = teamOf(company, 'Support');
  const demand = createDemand(company, (p) => p.zendeskId !== null);

  for (let day = calendar.first; day <= calendar.anchor; day++) {
    const usual = (TICKETS * company.options.scale * busy(day)) / sum;
    const count = random.poisson(usual);
    const extra = isSurge(calendar, day)
      ? Math.max(LEAST_ON_SURGE_DAY, Math.round(usual * (planted.surge - 1)))
      : 0;
    for (let i = 0; i < count + extra; i++) {
      const createdAt = moment(random, calendar, day);
      const who = demand(random, createdAt);
      if (!who) continue;
      const agent = random.pick(agents);
      writeTicket(
        company,
        liveTicket(company, random, { person: who.person, agent, createdAt, surge: i >= count }),
        calendar.end,
      );
    }
  }
}
