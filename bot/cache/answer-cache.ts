/**
 * Two tiers, cache-aside: this process's LRU, then Redis when there is one. Keys carry the data version, so what a
 * sync changed is never served again and nothing has to be invalidated. Losing Redis loses nothing but time.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Answer } from '../../kpi/answer.ts';
import type { Question } from '../../kpi/question.ts';
import type { Log } from '../../platform/log.ts';

/** What Herald asks of Redis; ioredis fits. */
export type RemoteCache = {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, mode: 'EX', seconds: number): Promise<unknown>;
};

export interface AnswerCache {
  /** The kept answer, or what `compute` gives; equal questions at the same time are computed once. */
  through(key: string, compute: () => Promise<Answer>): Promise<Answer>;
}

/** Long enough for a morning's meeting; the data version expires it sooner. */
const TTL_SECONDS = 15 * 60;

/** Key of an answer: the question, the data it was computed from, the day it was asked on and the definition set. */
export function answerKey(question: Question, dataVersion: number, day: string, scope: string): string {
  const { reading: _reading, repairs: _repairs, ...asked } = question;
  return createHash('sha256')
    .update(JSON.stringify([asked, dataVersion, day, scope]))
    .digest('base64url');
}

export function createAnswerCache(remote: RemoteCache | null, log: Log): AnswerCache {
  const near = new LRUCache<string, Answer>({ max: 2_000, ttl: TTL_SECONDS * 1000 });
  const underway = new Map<string, Promise<Answer>>();

  async function fetchOrCompute(key: string, compute: () => Promise<Answer>): Promise<Answer> {
    const far = remote ? await readFar(key) : null;
    if (far) return far;
    const fresh = await compute();
    if (remote) {
      try {
        await remote.set(`herald:answer:${key}`, JSON.stringify(fresh), 'EX', TTL_SECONDS);
      } catch (error) {
        log.warn({ err: (error as Error).message }, 'cache: Redis did not take an answer');
      }
    }
    return fresh;
  }

  async function readFar(key: string): Promise<Answer | null> {
    try {
      const kept = await remote!.get(`herald:answer:${key}`);
      return kept ? (JSON.parse(kept) as Answer) : null;
    } catch (error) {
      log.warn({ err: (error as Error).message }, 'cache: Redis did not answer');
      return null;
    }
  }

  return {
    async through(key, compute) {
      const known = near.get(key);
      if (known) return known;
      const running = underway.get(key);
      if (running) return running;
      const work = fetchOrCompute(key, compute);
      underway.set(key, work);
      try {
        const answer = await work;
        near.set(key, answer);
        return answer;
      } finally {
        underway.delete(key);
      }
    },
  };
}
