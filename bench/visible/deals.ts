/**
 * Deals of a HubSpot account. Each change adds another power of two to the value won, so that the sum tells which
 * changes are in it.
 */
import type { Store } from '../../demo/company/records.ts';
import { createStore } from '../../demo/company/store.ts';

/** Beyond, sums in cents are not exact. */
const most = 40;

export type Deals = { store: Store; change(number: number): void };

/** Every other change makes a new deal; the rest give one that is there its value. */
export function createDeals(changes: number): Deals {
  if (changes > most) throw new Error(`At most ${most} changes can be told apart.`);
  const store = createStore();
  store.put('pipelines', 'default', { stages: [{ id: 'closedwon', label: 'Closed won' }] }, 0);
  const wonAt = new Date().toISOString();
  const since = (value: string) => [{ value, timestamp: wonAt }];

  function put(number: number, amount: string): void {
    const id = String(number + 1);
    const [dealstage, closedate] = ['closedwon', wonAt];
    const properties = {
      dealname: `Deal ${id}`,
      amount,
      dealstage,
      closedate,
      hs_is_closed: 'true',
      hs_is_closed_won: 'true',
    };
    const histories = { amount: since(amount), dealstage: since(dealstage), closedate: since(closedate) };
    store.put('deals', id, { id, properties, histories }, Date.now());
  }

  for (let number = 0; number < changes; number += 2) put(number, '0');
  return { store, change: (number) => put(number, String(2 ** number)) };
}

/** Whether the value won has this change in it. */
export const isIn = (won: number, number: number) => Math.floor(won / 2 ** number) % 2 === 1;
