/** jsforce's streaming client (CometD long-polling, by faye) as batches that are pulled. */
import { Connection } from 'jsforce';
import { StreamingExtension } from 'jsforce/lib/api/streaming.js';
import { ReadFault } from '../../source.ts';

/** Changes of every object that the org's administrator selected. */
const channel = '/data/ChangeEvents';

export type ChangeStream = {
  /** What came since the last batch; ends when the session has ended. @throws ReadFault `cursor_expired` for a forgotten replay id */
  batches(): AsyncIterable<unknown[]>;
  close(): void;
};

type Ending = { kind: 'session' } | { kind: 'fault'; fault: ReadFault } | { kind: 'closed' };

export function openChangeStream(
  credentials: { instanceUrl: string; accessToken: string; version: string },
  replayId: number,
  signal: AbortSignal,
): ChangeStream {
  let waiting: unknown[] = [];
  let ending: Ending | null = null;
  let wake = () => {};
  const end = (how: Ending) => {
    ending ??= how;
    wake();
  };

  const client = new Connection(credentials).streaming.createClient([
    // The platform's word for a session that is over; the client would stop without one of its own.
    new StreamingExtension.AuthFailure(() => end({ kind: 'session' })),
    new StreamingExtension.Replay(channel, replayId),
  ]);
  const subscription = client.subscribe(channel, (message: unknown) => {
    waiting.push(message);
    wake();
  });
  subscription.then(
    () => undefined,
    (refusal: { code?: number; message?: string }) => end({ kind: 'fault', fault: faultOf(refusal) }),
  );
  const onAbort = () => end({ kind: 'closed' });
  signal.addEventListener('abort', onAbort, { once: true });
  // One that was given before tells nobody any more.
  if (signal.aborted) onAbort();

  return {
    async *batches() {
      for (;;) {
        if (waiting.length > 0) {
          const batch = waiting;
          waiting = [];
          yield batch;
        } else if (ending) {
          if (ending.kind === 'fault') throw ending.fault;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
    close() {
      signal.removeEventListener('abort', onAbort);
      end({ kind: 'closed' });
      // Missing from jsforce's types of faye.
      (client as unknown as { disconnect(): void }).disconnect();
    },
  };
}

function faultOf({ code, message = '' }: { code?: number; message?: string }): ReadFault {
  if (/replay ?id/i.test(message))
    return new ReadFault(
      'cursor_expired',
      'Salesforce no longer keeps events back to where the feed was left',
    );
  return new ReadFault(
    code === 403 ? 'permission_denied' : 'fatal',
    `Salesforce refuses to send change events (${code ?? 'no code'} ${message.slice(0, 200)}). Select objects under Setup → Change Data Capture, and give Herald's user the right to see them.`,
  );
}
