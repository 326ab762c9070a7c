import type { Company } from './model.ts';
import { scaled } from './model.ts';
import { drawDays, rhythm } from './rhythm.ts';
import { isoStamp } from './stamps.ts';
import { writeRecord } from './write-record.ts';

const subjects = [
  'Your weekly metrics, in one page',
  'How others close the month in a day',
  'What changed in Connect',
  'Save your seat',
  'Benchmarks for your industry',
  'Three numbers to watch',
  'A short story about churn',
] as const;

/** Marketing e-mails with the counters of their send; `campaign` holds the id of the CRM campaign, as their team sets it. */
export function writeMarketingEmails(company: Company): void {
  const { calendar } = company;
  const random = company.random('marketing emails');
  const total = scaled(company, 400, 8);
  const days = drawDays(random, calendar, total, rhythm(calendar, { from: 0.7, to: 1.3, weekend: 0 }));
  days.forEach((day, i) => {
    const at = calendar.at(day, 10 * 3600 + random.int(4) * 900);
    const running = company.campaigns.filter((c) => c.start <= day && c.end >= day);
    const campaign = running.length > 0 && random.chance(0.7) ? random.pick(running) : null;
    // People come sorted by when they were met; nearly all of them have an address.
    const audience = peopleBefore(company, at);
    const sent = Math.round(audience * random.between(0.15, 0.6));
    const bounce = Math.round(sent * random.between(0.008, 0.03));
    const delivered = sent - bounce;
    const open = Math.round(delivered * random.between(0.22, 0.42));
    const click = Math.round(open * random.between(0.05, 0.16));
    const unsubscribed = Math.round(delivered * random.between(0.0005, 0.003));
    const created = calendar.at(Math.max(calendar.first, day - 2), 15 * 3600);
    // Counters settle within two days of the send.
    const changed = Math.min(calendar.end, Math.max(at, created) + 2 * 86_400_000);
    const id = company.ids.hubspot('marketing_emails');
    const record = {
      id,
      name: `${calendar.text(day)} newsletter ${i + 1}`,
      subject: random.pick(subjects),
      campaign: campaign?.id ?? null,
      publishDate: isoStamp(at),
      state: 'PUBLISHED',
      stats: { counters: { sent, delivered, open, click, bounce, unsubscribed } },
      createdAt: isoStamp(Math.min(created, at)),
      updatedAt: isoStamp(changed),
    };
    writeRecord(company.hubspot, 'marketing_emails', id, record, { created: Math.min(created, at), changed });
  });
}

/** How many people were known at that instant. */
function peopleBefore(company: Company, at: number): number {
  let low = 0;
  let high = company.people.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (company.people[middle]!.bornAt < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
