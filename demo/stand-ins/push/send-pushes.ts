/**
 * Webhooks as platforms send them: signed over the bytes that leave, sometimes twice, sometimes late so that younger
 * ones overtake, and again with a new signature when they are not answered with 2xx.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Store, StoreChange } from '../../company/records.ts';

export type PushTarget = { url: string; secret: string };

export type PushKind = {
  /** Bodies of the requests that tell of these changes; none for what nobody subscribed to. */
  bodies(changes: readonly StoreChange[]): string[];
  /** Headers that make this body the platform's own. */
  headers(body: string, target: PushTarget, at: number): Record<string, string>;
};

export type PushOptions = {
  store: Store;
  target: PushTarget;
  kind: PushKind;
  /** Epoch ms. */
  now: () => number;
  random: () => number;
  /** Shares of requests that are sent twice and that are held back. */
  mischief?: { twice: number; late: number };
  /** Told when a request was given up. */
  onGivenUp?: (status: number | string) => void;
};

export type Pushes = {
  /** Resolves when everything that has changed so far has been sent. */
  sent(): Promise<void>;
  stop(): Promise<void>;
};

const tries = 4;
const lateMs = 300;

export function sendPushes(options: PushOptions): Pushes {
  const { store, target, kind, now, random, mischief = { twice: 0.15, late: 0.2 } } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  let waiting: StoreChange[] = [];

  const wait = (ms: number) => pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  async function post(body: string, headers: Record<string, string>): Promise<number | string> {
    try {
      const response = await fetch(target.url, { method: 'POST', headers, body, signal: stopping.signal });
      await response.arrayBuffer();
      return response.status;
    } catch (thrown) {
      return (thrown as Error).message;
    }
  }

  async function deliver(body: string): Promise<void> {
    if (random() < mischief.late) await wait(lateMs);
    let last: number | string = 'not sent';
    for (let attempt = 0; attempt < tries && !stopping.signal.aborted; attempt++) {
      if (attempt > 0) await wait(500 * 2 ** attempt);
      const headers = { 'content-type': 'application/json', ...kind.headers(body, target, now()) };
      last = await post(body, headers);
      const isDone = typeof last === 'number' && last >= 200 && last < 300;
      if (isDone && random() < mischief.twice) await post(body, headers);
      if (isDone) return;
    }
    if (!stopping.signal.aborted) options.onGivenUp?.(last);
  }

  function flush(): void {
    const changes = waiting;
    waiting = [];
    for (const body of kind.bodies(changes)) {
      const work = deliver(body).finally(() => underWay.delete(work));
      underWay.add(work);
    }
  }

  const unwatch = store.watch((change) => {
    // What changes in one go is told in one go.
    if (waiting.length === 0) setImmediate(flush);
    waiting.push(change);
  });

  return {
    async sent() {
      await new Promise<void>((resolve) => setImmediate(resolve));
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async stop() {
      unwatch();
      stopping.abort();
      await Promise.allSettled(underWay);
    },
  };
}
