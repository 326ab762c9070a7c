/**
 * Salesforce through jsforce: sessions, addresses and limits are the SDK's, the bytes go through Herald's own fetch.
 * Five streams are asked at once (packed-queries.ts): eleven every 30 s are 8,640 of an Enterprise org's 100,000 daily
 * calls instead of 31,680.
 * An owner's name is part of the payload; renaming a user shows when the owned record next changes.
 */
import { z } from 'zod';
import {
  type Batch,
  type Cursor,
  type Lack,
  type Lane,
  type Position,
  type ReadContext,
  ReadFault,
  type Source,
  type SourceRecord,
} from '../../source.ts';
import { createChangeData } from './change-data.ts';
import { classifySalesforce } from './classify.ts';
import { readSalesforceLimits } from './limits.ts';
import { salesforceObjects } from './objects.ts';
import { createPackedQueries } from './packed-queries.ts';
import { firstQuery, readChanges } from './read-changes.ts';
import { readHinted } from './read-hinted.ts';
import { readSweep } from './read-sweep.ts';
import { createSelections, type Selection } from './selection.ts';
import {
  createSession,
  defaultApiVersion,
  type SalesforceClient,
  type SalesforceSettings,
} from './session.ts';

const versionsShape = z.array(z.looseObject({ version: z.string() }));

function lacksOf(stream: string, { useful }: Selection): Lack[] {
  return useful.map(({ path, isHidden }) => ({
    subject: `${stream}.${path}`,
    kind: 'hidden',
    sentence: isHidden
      ? `Salesforce hides ${stream}.${path} from Herald's user: what it would say stays empty. Give the user read access to the field.`
      : null,
  }));
}

async function* withLacks(batches: AsyncIterable<Batch>, lacks: readonly Lack[]): AsyncGenerator<Batch> {
  let told = false;
  for await (const batch of batches) {
    yield told ? batch : { ...batch, lacks };
    told = true;
  }
}

export function createSalesforceSource(settings: SalesforceSettings): Source {
  const session = createSession(settings);
  const selections = createSelections();
  const packed = createPackedQueries();

  const wholeAt = new Map<string, number>();

  async function* read(
    stream: string,
    lane: Lane,
    cursor: Cursor,
    context: ReadContext,
  ): AsyncGenerator<Batch> {
    const object = salesforceObjects.find(({ name }) => name === stream);
    if (!object?.lanes.includes(lane))
      throw new ReadFault('fatal', `Salesforce has no stream ${stream} with a lane ${lane}`);
    const client = await session.open(context);
    const selection = await selections.of(object, client, context);
    if (!selection) {
      context.log.warn({ object: stream }, 'this org has no such object; what depends on it stays empty');
      // Nothing is all there is. But an empty list in a sweep would say that everything was deleted.
      const coveredUntil = context.now().toISOString();
      if (lane !== 'sweep') yield { stream, records: [], cursor: null, coveredUntil };
      return;
    }
    try {
      if (lane === 'sweep') yield* readSweep({ stream, client, selection, context, wholeAt });
      else {
        const queryOf = (position: Position) => planQuery(position, client, context);
        const ready =
          lane === 'backfill' ? null : await packed.take({ stream, lane, cursor }, client, context, queryOf);
        const batches = readChanges({ stream, lane, cursor, client, selection, context, ready });
        // Often enough to notice, and not with every poll.
        yield* lane === 'realtime' ? batches : withLacks(batches, lacksOf(stream, selection));
      }
    } catch (thrown) {
      // A field may have been removed since it was described: the next try asks again.
      if (thrown instanceof ReadFault && thrown.status === 400) selections.forget();
      throw thrown;
    }
  }

  /** Null for what cannot be asked: its own turn says why. */
  async function planQuery(
    { stream, lane, cursor }: Position,
    client: SalesforceClient,
    context: ReadContext,
  ): Promise<string | null> {
    const object = salesforceObjects.find(({ name }) => name === stream);
    if (!object || lane === 'sweep') return null;
    try {
      const selection = await selections.of(object, client, context);
      return selection && firstQuery(stream, lane, cursor, selection);
    } catch (thrown) {
      if (thrown instanceof ReadFault) return null;
      throw thrown;
    }
  }

  async function* readByIds(
    stream: string,
    ids: readonly string[],
    context: ReadContext,
  ): AsyncGenerator<SourceRecord[]> {
    const object = salesforceObjects.find(({ name }) => name === stream)!;
    const client = await session.open(context);
    const selection = await selections.of(object, client, context);
    // A page asked for before this would put older copies of the same records after it.
    packed.forget(stream);
    if (selection) yield* readHinted({ stream, client, selection, ids });
  }

  return {
    name: 'salesforce',
    title: 'Salesforce',
    // No rate is published besides the day's; 25 calls may run long at once. Ten a second stays far from either.
    pace: { default: { perSecond: 10, burst: 20 } },
    classify: classifySalesforce,
    readLimits: readSalesforceLimits,
    streams: salesforceObjects.map(({ name, table, lanes, after, unify }) => ({
      name,
      table,
      lanes,
      ...(after ? { after } : {}),
      unify: (raw: unknown) => unify(raw, settings.companyCurrency, settings.timeZone ?? 'UTC'),
    })),
    prepare: (positions) =>
      packed.plan(positions.filter(({ lane }) => lane === 'realtime' || lane === 'settle')),
    read,
    ...(settings.changeDataCapture ? { feed: createChangeData(session) } : {}),
    hinted: { streams: salesforceObjects.map(({ name }) => name), read: readByIds },
    async check(context) {
      const client = await session.open(context);
      const version = settings.apiVersion ?? defaultApiVersion;
      const versions = versionsShape.safeParse(await client.get('/services/data'));
      if (!versions.success || !versions.data.some((offered) => offered.version === version)) {
        throw new ReadFault(
          'fatal',
          `Salesforce does not offer API version ${version} at ${settings.baseUrl}`,
        );
      }
      const absent: string[] = [];
      for (const object of salesforceObjects) {
        if (!(await selections.of(object, client, context))) absent.push(object.name);
      }
      const usage = client.usage();
      const detail = [
        `API v${version}`,
        ...(usage ? [`${usage.used} of ${usage.limit} daily calls used`] : []),
        ...(absent.length > 0 ? [`without ${absent.join(', ')}`] : []),
      ];
      return { identity: client.organization() ?? settings.baseUrl, detail: detail.join(', ') };
    },
  };
}
