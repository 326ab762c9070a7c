/**
 * One breaker per source: after five failures in a row nobody calls it, then one call tries whether it is back.
 * Only what says "nobody is at home" counts: no connection, no complete reply, a gateway's 502 or 503. A refusal is a
 * sign of life, and so are 500 and 504: one endpoint that breaks, or a page too large, must not shut out the others.
 */
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleType } from 'cockatiel';
import { ReadFault } from './read-fault.ts';

export type BreakerState = { kind: 'closed' } | { kind: 'open'; since: Date; reason: string };

export type Breaker = {
  /** One call; `fault` reads its outcome. @throws ReadFault `unreachable`, without a call, while the breaker is open. */
  run<T>(call: () => Promise<T>, fault: (outcome: T) => ReadFault | null): Promise<T>;
  state(): BreakerState;
};

export type BreakerOptions = {
  /** The system as people call it. */
  name: string;
  now: () => Date;
  /** Awaited before the call that changed it returns: what others read is never behind. */
  onChange?: (state: BreakerState) => Promise<void>;
  /** Default 5: one call and its four retries. */
  failures?: number;
  /** Between two tries of a source that is away. Default 30 s: found again well within the five minutes promised. */
  probeAfterMs?: number;
};

/** What cockatiel counts; our outcomes are no exceptions. */
class Down extends Error {
  readonly outcome: unknown;
  constructor(outcome: unknown) {
    super('down');
    this.outcome = outcome;
  }
}

export function createBreaker(options: BreakerOptions): Breaker {
  const { name, now, onChange = async () => undefined, failures = 5, probeAfterMs = 30_000 } = options;
  const policy = circuitBreaker(handleType(Down), {
    halfOpenAfter: probeAfterMs,
    breaker: new ConsecutiveBreaker(failures),
  });
  let state: BreakerState = { kind: 'closed' };
  /** The first failure of the row: since then nobody was seen at home. */
  let downSince: Date | null = null;
  let reason = '';
  let isTold = false;
  policy.onBreak(() => {
    if (state.kind === 'closed') isTold = false;
    state = { kind: 'open', since: downSince ?? now(), reason };
  });
  policy.onReset(() => {
    state = { kind: 'closed' };
    isTold = false;
  });

  async function tell(): Promise<void> {
    if (isTold) return;
    isTold = true;
    await onChange(state);
  }

  return {
    state: () => state,
    async run(call, fault) {
      try {
        const outcome = await policy.execute(async () => {
          const given = await call();
          const found = fault(given);
          if (!found || !isDown(found)) {
            downSince = null;
            return given;
          }
          downSince ??= now();
          reason = found.message;
          throw new Down(given);
        });
        await tell();
        return outcome;
      } catch (thrown) {
        if (thrown instanceof Down) {
          if (state.kind === 'open') await tell();
          return thrown.outcome as Awaited<ReturnType<typeof call>>;
        }
        if (!(thrown instanceof BrokenCircuitError)) throw thrown;
        const since = state.kind === 'open' ? state.since : now();
        throw new ReadFault('unreachable', `${name}: not reachable since ${clock(since, now())}`, {
          cause: thrown,
        });
      }
    },
  };
}

function isDown({ kind, status }: ReadFault): boolean {
  return kind === 'transient' && (status === null || status === 502 || status === 503);
}

/** "09:41 UTC"; with its date when that was not today. */
function clock(at: Date, now: Date): string {
  const [day, time] = at.toISOString().slice(0, 16).split('T');
  return `${day === now.toISOString().slice(0, 10) ? '' : `${day} `}${time} UTC`;
}
