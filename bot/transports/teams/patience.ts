import { setTimeout as wait } from 'node:timers/promises';
import { TeamsSendError } from './send-error.ts';

/** Answers in chat are worth a short wait; what must arrive later has the outbox. */
const longestWaitMs = 5_000;

/** Try again, twice at most, when Teams said for certain that it took nothing and asks for a pause. */
export async function withPatience<T>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (thrown) {
      const pause = thrown instanceof TeamsSendError ? pauseAfter(thrown) : null;
      if (pause === null || attempt === 3) throw thrown;
      await wait(pause);
    }
  }
}

function pauseAfter({ ambiguous, status, retryAfterMs }: TeamsSendError): number | null {
  if (ambiguous || (status !== 429 && status !== 412 && status !== 503)) return null;
  const pause = retryAfterMs ?? 1000;
  return pause <= longestWaitMs ? pause : null;
}
