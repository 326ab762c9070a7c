/**
 * The one HTTP door to other systems. Vendor SDKs hang on stalled bodies, take HTML for data and swallow limits
 * (docs/decisions on SDKs); so every one of them is given this fetch as its transport. Each attempt has one deadline
 * over connect, headers and body, a limit to the silence within a body, a cap on the decompressed body, and ends
 * either in a complete reply or a `ReadFault`. Only reads go through it, so a call may be repeated whatever its method;
 * where a repetition is not harmless (a rotating refresh token) the caller passes `retries: 0`.
 */
import type { Dispatcher } from 'undici';
import { createGate, type Gate } from './gate.ts';
import type { Pace, Priority } from './pace.ts';
import { ReadFault } from './read-fault.ts';
import { type Classify, faultOf, type Reply } from './reply.ts';

/**
 * Like fetch, but: the deadline covers the body, the body is capped and fully read, a reply that is not 2xx or not
 * JSON throws a `ReadFault` (unless `raw`), Retry-After is parsed, `bucket` is paced, transient faults are retried
 * 1, 2, 4, 8 s with jitter. A 304 is handed back when the request was conditional. Redirects are never followed.
 */
export type GuardedFetch = (
  url: string,
  init: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    /** Name of the token bucket this call is paced by, e.g. 'search'. Default 'default'. */
    bucket?: string;
    /** Hand back any complete reply instead of throwing on its status or type (for SDKs that classify themselves). Transient ones are still retried first. */
    raw?: boolean;
    /** Tries after the first; default 4. */
    retries?: number;
    /** What kind of work asks: urgent work finds tokens where other work waits. Default 'realtime'. */
    priority?: Priority;
    /** Makes the connections instead of the process's own pool, e.g. one that refuses private addresses. */
    dispatcher?: Dispatcher;
  },
) => Promise<Reply>;

/** One attempt, for metrics and traces. `path` has no query: those carry tokens and people's data. */
export type CallInfo = {
  name: string;
  bucket: string;
  method: string;
  path: string;
  attempt: number;
  status: number | null;
  fault: ReadFault['kind'] | null;
  ms: number;
  pacedMs: number;
  bytes: number;
};

export type GuardedFetchOptions = {
  /** The system as people call it; begins every fault's message. */
  name: string;
  pace: Pace;
  /** Pace, breaker and allowance that outlive this fetch. Default: its own, in this process alone. */
  gate?: Gate;
  now: () => Date;
  /** Resolves after `ms`, rejects when `signal` aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  random: () => number;
  /** Ends the whole job. */
  signal: AbortSignal;
  /** Deadline of one attempt, body included. Default 60 s: twice the slowest page that vendors let run. */
  timeoutMs?: number;
  /**
   * Longest pause within a body that has begun; twice as long with each retry, for those that do pause. Default 10 s:
   * a page may be slow to begin, and one that stands still mostly never ends.
   */
  silenceMs?: number;
  /** Cap of one decompressed body. Default 32 MiB: a full page of 2,000 wide records is about 8. */
  maxBytes?: number;
  /** A longer Retry-After ends the call with its fault: the run reschedules itself instead of sleeping. Default 60 s. */
  maxWaitMs?: number;
  classify?: Classify;
  onCall?: (info: CallInfo) => void;
};

/** 1, 2, 4, 8 s… up to a minute, and up to 20 % more, so that replicas do not come back in step. */
export function backoffMs(retry: number, random: () => number): number {
  return Math.round(Math.min(60_000, 1000 * 2 ** retry) * (1 + 0.2 * random()));
}

export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const {
    name,
    now,
    wait,
    random,
    signal,
    timeoutMs = 60_000,
    silenceMs = 10_000,
    maxBytes = 32 * 1024 * 1024,
    maxWaitMs = 60_000,
  } = options;
  const classify = options.classify ?? (() => null);
  const gate = options.gate ?? createGate(options);

  return async (url, init) => {
    const { bucket = 'default', priority = 'realtime' } = init;
    const target = parse(url, name);
    const where = `${name} (${init.method ?? 'GET'} ${target.pathname})`;

    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      gate.admit(priority);
      const pacedMs = await gate.pacer.take(bucket, signal, priority);
      const startedAt = now().getTime();
      const faultIn = (done: Outcome) => (done.reply ? judge(done.reply, init, where) : done.fault);
      const outcome = await gate.breaker.run(
        () =>
          attemptOnce(target, init, {
            where,
            signal,
            timeoutMs,
            silenceMs: silenceMs * 2 ** attempt,
            maxBytes,
          }),
        faultIn,
      );
      const fault = faultIn(outcome);
      if (outcome.reply) await gate.heed(outcome.reply, fault);
      options.onCall?.({
        name,
        bucket,
        method: init.method ?? 'GET',
        path: target.pathname,
        attempt,
        status: outcome.reply?.status ?? null,
        fault: fault?.kind ?? null,
        ms: now().getTime() - startedAt,
        pacedMs,
        bytes: outcome.bytes,
      });
      if (!fault && outcome.reply) return outcome.reply;
      if (fault && mayRetry(fault, attempt, init.retries ?? 4)) {
        const waitMs = fault.retryAfterMs ?? backoffMs(attempt, random);
        // Others behind the same limit must not run into it while we wait.
        if (fault.kind === 'rate_limited') await gate.pacer.hold(bucket, waitMs);
        await wait(waitMs, signal);
        continue;
      }
      if (init.raw && outcome.reply) return outcome.reply;
      throw fault;
    }
  };

  function judge(reply: Reply, init: Parameters<GuardedFetch>[1], where: string): ReadFault | null {
    if (reply.status === 304 && isConditional(init.headers)) return null;
    // An SDK judges the type and the text of a good reply itself.
    if (init.raw && reply.status < 400) return null;
    return faultOf(reply, where, now(), classify);
  }

  function mayRetry(fault: ReadFault, attempt: number, retries: number): boolean {
    if (attempt >= retries) return false;
    if (fault.kind !== 'transient' && fault.kind !== 'rate_limited') return false;
    return (fault.retryAfterMs ?? 0) <= maxWaitMs;
  }
}

type Outcome =
  | { reply: Reply; fault: null; bytes: number }
  | { reply: null; fault: ReadFault; bytes: number };

/** One request, to a complete reply or to a fault. Throws only when the job itself was ended. */
async function attemptOnce(
  url: URL,
  init: Parameters<GuardedFetch>[1],
  limits: { where: string; signal: AbortSignal; timeoutMs: number; silenceMs: number; maxBytes: number },
): Promise<Outcome> {
  const { where, signal, timeoutMs, silenceMs, maxBytes } = limits;
  const deadline = AbortSignal.timeout(timeoutMs);
  const silence = new AbortController();
  let silent: NodeJS.Timeout | undefined;
  let bytes = 0;
  try {
    const response = await fetch(url, {
      method: init.method ?? 'GET',
      headers: init.headers ?? {},
      body: init.body ?? null,
      redirect: 'manual',
      ...(init.dispatcher ? { dispatcher: init.dispatcher } : {}),
      signal: AbortSignal.any([signal, deadline, silence.signal]),
    });
    // Data that is not UTF-8 would otherwise get replacement marks inside names; an error page may be anything.
    const decoder = new TextDecoder('utf-8', { fatal: response.ok });
    let text = '';
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (silent) silent.refresh();
      else silent = setTimeout(() => silence.abort(), silenceMs);
      if (bytes > maxBytes) {
        return {
          reply: null,
          bytes,
          fault: new ReadFault('protocol', `${where} sent more than ${maxBytes} bytes in one reply`),
        };
      }
      text += decoder.decode(chunk, { stream: true });
    }
    text += decoder.decode();
    return { reply: { status: response.status, headers: response.headers, text }, fault: null, bytes };
  } catch (cause) {
    signal.throwIfAborted();
    return { reply: null, bytes, fault: tooSlow(cause) ?? networkFault(where, cause) };
  } finally {
    clearTimeout(silent);
  }

  function tooSlow(cause: unknown): ReadFault | null {
    if (silence.signal.aborted)
      return new ReadFault(
        'transient',
        `${where} broke off: part of a reply, then ${silenceMs / 1000} s of nothing`,
        { cause },
      );
    if (!deadline.aborted) return null;
    return new ReadFault('transient', `${where} gave no complete reply within ${timeoutMs / 1000} s`, {
      cause,
    });
  }
}

function networkFault(where: string, cause: unknown): ReadFault {
  const refused = refusalIn(cause);
  if (refused) return refused;
  const code = codeOf(cause);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new ReadFault('protocol', `${where} sent a reply that is not UTF-8`, { cause });
  }
  // A certificate does not mend itself within a minute, and a retry would hide what the operator must see.
  const isCertificate = /CERT|TLS_|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code);
  return new ReadFault(
    isCertificate ? 'fatal' : 'transient',
    `${where} could not be reached or broke off (${code})`,
    { cause },
  );
}

/** What the one who makes the connections said itself, in its own kind and words. */
function refusalIn(thrown: unknown): ReadFault | null {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if (error instanceof ReadFault) return error;
  return null;
}

/** undici wraps what happened: TypeError 'fetch failed' or 'terminated' with the socket's error as cause. */
function codeOf(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return error.code;
  }
  return thrown instanceof Error ? thrown.message : 'unknown';
}

function parse(url: string, name: string): URL {
  const target = URL.parse(url);
  if (target?.protocol === 'https:' || target?.protocol === 'http:') return target;
  throw new ReadFault('fatal', `${name}: the address to read is not an http(s) address`);
}

function isConditional(headers: Record<string, string> = {}): boolean {
  return Object.keys(headers).some((header) => /^if-(none-match|modified-since)$/i.test(header));
}
