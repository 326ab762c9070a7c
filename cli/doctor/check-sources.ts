/** Each source: its settings, then whether it lets us in. All at once, since each may take its whole patience. */
import { HeraldError } from '../../platform/errors.ts';
import { needsOperator, ReadFault } from '../../platform/read-fault.ts';
import { checkSource, openSource, titleOf } from '../../sync/sources/registry.ts';
import { contextFor, type Workshop } from '../sync-sources.ts';
import { type Finding, fault, ok } from './finding.ts';

/** Long enough for a slow login and one retry. */
const PATIENCE_MS = 20_000;

export type SourcesInput = {
  sources: Readonly<Record<string, unknown>>;
  companyCurrency: string;
  workshop: Omit<Workshop, 'gates' | 'events'>;
  /** False: nothing can be kept, because the database is away or not migrated. */
  canKeep: boolean;
};

export function checkSources({
  sources,
  companyCurrency,
  workshop,
  canKeep,
}: SourcesInput): Promise<Finding[]> {
  return Promise.all(
    Object.entries(sources).map(async ([name, settings]) => {
      const title = titleOf(name, settings);
      const faults = await checkSource({ name, settings });
      if (faults.length > 0)
        return fault(
          title,
          'setup',
          faults.join('; '),
          'Mend it in herald.yaml; herald.example.yaml explains each setting.',
        );
      const signal = AbortSignal.any([workshop.signal, AbortSignal.timeout(PATIENCE_MS)]);
      try {
        const source = await openSource({ name, settings, companyCurrency });
        const context = contextFor({ ...workshop, signal }, source, signal);
        const { identity, detail } = await source.check(
          canKeep ? context : { ...context, secrets: keepNothing },
        );
        return ok(title, detail ? `${identity} (${detail})` : identity);
      } catch (thrown) {
        return explain(title, thrown, signal);
      }
    }),
  );
}

const keepNothing = {
  load: async () => null,
  save: async () => {
    throw new HeraldError('setup', 'A new token cannot be kept before the database is there and migrated.');
  },
};

function explain(title: string, thrown: unknown, signal: AbortSignal): Finding {
  if (signal.aborted)
    return fault(
      title,
      'upstream',
      `no answer within ${PATIENCE_MS / 1000} s`,
      'Check baseUrl and the network.',
    );
  if (thrown instanceof ReadFault)
    return needsOperator(thrown)
      ? fault(title, 'setup', thrown.message, 'Check its credentials and what they may read.')
      : fault(
          title,
          'upstream',
          thrown.message,
          'Try again later; if it stays, check baseUrl and the network.',
        );
  if (thrown instanceof HeraldError)
    return fault(
      title,
      thrown.kind === 'setup' ? 'setup' : 'upstream',
      thrown.message,
      'Mend its settings in herald.yaml.',
    );
  return fault(title, 'upstream', (thrown as Error).message, 'Check baseUrl and the network.');
}
