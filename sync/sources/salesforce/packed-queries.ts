/**
 * Five queries in one call. A cycle asks every stream in turn what changed, and a composite request counts as one of
 * the day's calls however much it carries: eleven streams cost three instead of eleven. Nothing else changes: an
 * answer here stands for the first page of a stream and is dated to when it was asked; a query that the platform
 * refused is forgotten, so that its stream asks alone and is told the reason itself.
 */
import { z } from 'zod';
import { type Position, type ReadContext, ReadFault } from '../../source.ts';
import { pageHeaders, queryPath } from './pages.ts';
import type { SalesforceClient } from './session.ts';

/** What the platform takes in one composite request, of 25 parts in all. */
const queriesPerCall = 5;

/** An answer that waited longer, behind the loading of a large stream, is asked for anew: the lag stays as it was. */
const freshForMs = 10_000;

const compositeShape = z.object({
  compositeResponse: z.array(
    z.looseObject({ referenceId: z.string(), httpStatusCode: z.number(), body: z.unknown() }),
  ),
});

export type Ready = { reply: unknown; askedAt: number };

type Planned = { position: Position; ready: Ready | null; isAlone: boolean };

export type PackedQueries = {
  /** What is going to be read, in this order. Replaces what was planned before. */
  plan(positions: readonly Position[]): void;
  /**
   * The first page at a position, asked for together with those that come next. Null where it is to be asked for
   * alone. `queryOf` gives a position's query, null where there is none. @throws ReadFault when the call failed
   */
  take(
    position: Position,
    client: SalesforceClient,
    context: ReadContext,
    queryOf: (position: Position) => Promise<string | null>,
  ): Promise<Ready | null>;
  /** Records of this stream are known better by now. */
  forget(stream: string): void;
};

export function createPackedQueries(): PackedQueries {
  let planned: Planned[] = [];

  return {
    plan(positions) {
      planned = positions.map((position) => ({ position, ready: null, isAlone: false }));
    },
    async take(position, client, context, queryOf) {
      const wanted = keyOf(position);
      const at = planned.findIndex((one) => keyOf(one.position) === wanted);
      const mine = planned[at];
      if (!mine) return null;
      // What came before it was passed over. A second try of this one is asked alone.
      planned = planned.slice(at + 1);
      const now = context.now().getTime();
      const needsAsking = ({ ready, isAlone }: Planned) =>
        !isAlone && (ready === null || now - ready.askedAt > freshForMs);
      if (!needsAsking(mine)) return mine.ready;
      const group = [mine, ...planned.filter(needsAsking)].slice(0, queriesPerCall);
      for (const one of group) one.ready = null;
      if (group.length > 1) await askTogether(group, client, context, queryOf);
      return mine.ready;
    },
    forget(stream) {
      for (const one of planned) if (one.position.stream === stream) one.ready = null;
    },
  };
}

async function askTogether(
  group: readonly Planned[],
  client: SalesforceClient,
  context: ReadContext,
  queryOf: (position: Position) => Promise<string | null>,
): Promise<void> {
  const asked = new Map<string, Planned>();
  const parts: object[] = [];
  for (const one of group) {
    const soql = await queryOf(one.position);
    one.isAlone = soql === null;
    if (soql === null) continue;
    const referenceId = `query${parts.length}`;
    asked.set(referenceId, one);
    parts.push({ method: 'GET', url: queryPath(client, soql), referenceId, httpHeaders: pageHeaders });
  }
  const askedAt = context.now().getTime();
  for (const { referenceId, httpStatusCode, body } of await send(parts, client, context)) {
    const one = asked.get(referenceId);
    if (one && httpStatusCode === 200) one.ready = { reply: body, askedAt };
  }
  for (const one of asked.values()) one.isAlone = one.ready === null;
}

/** Its parts; none where the reply is too large or of an unknown form, for then each stream is better off alone. */
async function send(
  compositeRequest: object[],
  client: SalesforceClient,
  context: ReadContext,
): Promise<z.infer<typeof compositeShape>['compositeResponse']> {
  try {
    const reply = await client.ask(`${client.root}/composite`, { allOrNone: false, compositeRequest });
    return compositeShape.parse(reply).compositeResponse;
  } catch (thrown) {
    const isForm = thrown instanceof z.ZodError;
    const isRefused = thrown instanceof ReadFault && (thrown.kind === 'protocol' || thrown.status === 400);
    if (!isForm && !isRefused) throw thrown;
    context.log.warn({ err: thrown.message }, 'Salesforce does not take these queries together');
    return [];
  }
}

function keyOf({ stream, lane, cursor }: Position): string {
  return JSON.stringify([stream, lane, cursor === null ? null : Object.entries(cursor).sort()]);
}
