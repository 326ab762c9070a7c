/** What Bolt's own check lets through: stamps from the future, and the same request twice. */
import type { RequestListener } from 'node:http';
import type { AllMiddlewareArgs, AnyMiddlewareArgs } from '@slack/bolt';
import type { Log } from '../../../platform/log.ts';

/** Clocks differ by seconds; a minute ahead is somebody preparing a replay. */
const aheadMs = 60_000;

/** Refuse requests stamped in the future before Bolt sees them: its check looks only backwards. */
export function refuseFuture(listener: RequestListener, now: () => Date, log: Log): RequestListener {
  return (request, response) => {
    const stampedAt = Number(request.headers['x-slack-request-timestamp']) * 1000;
    if (Number.isFinite(stampedAt) && stampedAt > now().getTime() + aheadMs) {
      log.warn(
        { aheadMs: stampedAt - now().getTime() },
        'slack: request refused, its timestamp lies in the future',
      );
      request.resume();
      response.writeHead(401).end();
      return;
    }
    listener(request, response);
  };
}

type Gate = (args: AllMiddlewareArgs & AnyMiddlewareArgs) => Promise<void>;

/**
 * Runs each request once. Slack sends an event again (newly signed) when it thinks we missed it, so events are
 * known by their id; everything else is known by its signature, which only an exact copy shares.
 * A copy is acknowledged with nothing and goes no further.
 */
export function refuseReplays(seen: (key: string) => Promise<boolean>, log: Log): Gate {
  return async (args) => {
    const { body, context, next } = args;
    const eventId = 'event_id' in body && typeof body.event_id === 'string' ? body.event_id : null;
    const key = eventId === null ? `slack:signature:${context.signature}` : `slack:event:${eventId}`;
    if (await seen(key)) {
      log.warn({ retry: context.retryNum ?? null, eventId }, 'slack: request refused, it was served before');
      if ('ack' in args && typeof args.ack === 'function') await (args.ack as () => Promise<void>)();
      return;
    }
    await next();
  };
}
