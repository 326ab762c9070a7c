import type { Company } from './model.ts';
import type { World } from './records.ts';
import type { Action } from './tick/action.ts';
import { conversationActions } from './tick/conversations.ts';
import { dealActions } from './tick/deals.ts';
import { createNewDay } from './tick/new-day.ts';
import { peopleActions } from './tick/people.ts';
import { removalActions } from './tick/removals.ts';
import { revenueActions } from './tick/revenue.ts';
import { ticketActions } from './tick/tickets.ts';

/** What may happen, with how often it does. */
const actions: readonly (readonly [Action, number])[] = [
  ...ticketActions,
  ...conversationActions,
  ...peopleActions,
  ...dealActions,
  ...revenueActions,
  ...removalActions,
];

/** The living company. An action that finds nothing to act on gives way to another draw. */
export function createTick(company: Company): World['tick'] {
  const newDay = createNewDay(company);
  let n = 0;
  return (moment) => {
    const at = Math.floor(moment / 1000) * 1000;
    const random = company.random(`tick ${n++}`);
    const morning = newDay(at);
    if (morning) return morning;
    for (let tries = 0; tries < 100; tries++) {
      const done = random.weighted(actions)(company, random, at);
      if (done) return done;
    }
    throw new Error('A hundred draws found nothing that could happen: the company has no people left');
  };
}
