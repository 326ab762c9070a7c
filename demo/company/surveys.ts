import type { Company } from './model.ts';
import { isLive } from './model.ts';
import { isoStamp } from './stamps.ts';

/** Each customer is asked twice a year; a bit more than half answer. Who is about to leave is less happy. */
export function writeSurveys(company: Company): void {
  const { calendar } = company;
  const random = company.random('surveys');
  let n = 0;
  for (const customer of company.customers) {
    for (
      let day = customer.start + 60 + random.int(60);
      day <= calendar.anchor;
      day += 160 + random.int(50)
    ) {
      const answered = calendar.workday(day);
      if (!isLive(customer, answered) || !random.chance(0.55)) continue;
      const at = calendar.at(answered, (8 + random.int(11)) * 3600 + random.int(3600));
      const known = customer.firm.people.filter((p) => p.bornAt <= at && p.email !== null);
      if (known.length === 0) continue;
      const leaving = customer.churn !== null && customer.churn > answered && customer.churn - answered < 120;
      const score = leaving
        ? random.weighted([
            [3, 2],
            [5, 3],
            [6, 4],
            [7, 4],
            [8, 3],
            [9, 1],
          ])
        : random.weighted([
            [4, 2],
            [6, 8],
            [7, 12],
            [8, 22],
            [9, 30],
            [10, 26],
          ]);
      n++;
      const id = `N${String(n).padStart(5, '0')}`;
      const record = {
        id,
        answered_at: isoStamp(at),
        email: random.pick(known).email,
        customer_id: customer.id,
        score,
      };
      company.files.put('nps.csv', id, record, at);
    }
  }
}
