import type { Company, Customer, Person } from './model.ts';
import { isLive } from './model.ts';
import type { Random } from './random.ts';

const chatty = { SMB: 0.35, 'Mid-Market': 0.6, Enterprise: 1 } as const;
/** Customers about to leave write more often. */
const BEFORE_LEAVING_DAYS = 75;

/** When a person of a customer could first write to support. */
export function supportSince(company: Company, person: Person): number {
  const start = company.calendar.startOf(person.firm!.customer!.start) + 9 * 3600_000;
  return Math.max(person.bornAt, start);
}

/** Draws who writes: larger customers more often, and those who will leave soon most of all. */
export function createDemand(company: Company, knows: (person: Person) => boolean) {
  const byStart = [...company.customers].sort((a, b) => a.start - b.start);
  return (random: Random, at: number): { customer: Customer; person: Person } | null => {
    const day = company.calendar.dayOf(at);
    let low = 0;
    let high = byStart.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (byStart[middle]!.start < day) low = middle + 1;
      else high = middle;
    }
    for (let tries = 0; low > 0 && tries < 60; tries++) {
      const customer = byStart[random.int(low)]!;
      if (!isLive(customer, day)) continue;
      const leaving =
        customer.churn !== null && customer.churn > day && customer.churn - day < BEFORE_LEAVING_DAYS;
      if (!leaving && !random.chance(chatty[customer.firm.segment])) continue;
      const people = customer.firm.people.filter((p) => knows(p) && supportSince(company, p) <= at);
      if (people.length > 0) return { customer, person: random.pick(people) };
    }
    return null;
  };
}
