/** POST /crm/v4/associations/{from}/{to}/batch/read, from what records keep under `associations`. */
import type { Store } from '../../company/records.ts';
import type { Exchange } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { refuse } from './refuse.ts';

type Association = { id: string; label?: string };

/** At most 100 ids; those without an association come as errors beside the results, with 207. */
export function associated(store: Store, from: string, to: string, { body }: Exchange): unknown {
  const { inputs } = JSON.parse(body) as { inputs: { id: string }[] };
  if (inputs.length > 100) throw refuse(400, 'VALIDATION_ERROR', 'At most 100 ids in one batch.');
  const without: string[] = [];
  const results = inputs.flatMap(({ id }) => {
    const all = (store.get(from, id)?.record.associations ?? {}) as Record<string, Association[]>;
    const found = all[to] ?? [];
    if (found.length === 0) without.push(id);
    const one = (other: Association) => ({
      toObjectId: Number(other.id),
      associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 341, label: other.label ?? null }],
    });
    return found.length === 0 ? [] : [{ from: { id }, to: found.map(one) }];
  });
  if (without.length === 0) return { status: 'COMPLETE', results };
  const errors = without.map((id) => ({
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to} is associated with ${from} ${id}.`,
    context: { fromObjectId: [id] },
  }));
  throw new Refusal(207, { status: 'COMPLETE', results, numErrors: errors.length, errors });
}
