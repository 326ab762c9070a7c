/** Which events of the sync are trouble that somebody should hear of, and in which words: an observer like any other. */

import type { Trouble } from '../../bot/alert/tell-trouble.ts';
import { scrub } from '../../platform/log.ts';
import { describeQuota } from '../../platform/quota.ts';
import { plainText } from '../../render/plain-text.ts';
import type { Events } from '../../sync/events.ts';

/** What waiting may mend is told when it fails so many times in a row: a minute or so. */
const PATIENCE = 3;
/** Single malformed records are everyday life. */
const QUARANTINE_GROWS = 20;
/** What happens together is told together. */
const GATHER_MS = 5_000;
const MOST_LINES = 10;

export type TroublesInput = {
  events: Events;
  /** How people call the sources, by name. */
  titles: Readonly<Record<string, string>>;
  now: () => Date;
  tell: (trouble: Trouble) => Promise<unknown>;
  /** Calls back once after `ms`; default: a timer that keeps no process alive. */
  later?: (callback: () => void, ms: number) => void;
};

export function watchTroubles({ events, titles, now, tell, later = unhurried }: TroublesInput): void {
  const titleOf = (source: string) => titles[source] ?? source;
  const gathered = new Map<string, Trouble & { lines: string[] }>();
  /** Failures in a row, by source and stream. */
  const failures = new Map<string, Map<string, number>>();
  const away = new Set<string>();
  const quarantined = new Map<string, number>();

  function say(trouble: Omit<Trouble, 'lines'>, line: string, next?: string): void {
    const known = gathered.get(trouble.key);
    const lines = known?.lines ?? [];
    // What other systems said is shown without what cannot be seen, and without what is secret.
    if (lines.length < MOST_LINES) lines.push(plainText(scrub(line), 500));
    if (known) return;
    gathered.set(trouble.key, { ...trouble, lines });
    later(() => {
      gathered.delete(trouble.key);
      void tell({ ...trouble, lines: next ? [...lines, next] : lines });
    }, GATHER_MS);
  }

  events.on('breaker.opened', ({ source, since, reason }) => {
    away.add(source);
    say(
      { key: `breaker:${source}`, title: `${titleOf(source)} cannot be reached` },
      `Since ${minute(since)}: ${reason}`,
      'Answers go on with what was read before, and say so. Herald tries every half minute.',
    );
  });
  events.on('breaker.closed', ({ source }) => {
    away.delete(source);
    say(
      {
        key: `breaker-closed:${source}`,
        ends: `breaker:${source}`,
        title: `${titleOf(source)} can be reached again`,
      },
      'What changed meanwhile is being read.',
    );
  });
  events.on('stream.failed', ({ source, stream, reason, needsOperator }) => {
    const row = failures.get(source) ?? new Map<string, number>();
    failures.set(source, row);
    row.set(stream, (row.get(stream) ?? 0) + 1);
    if (away.has(source) || (!needsOperator && row.get(stream) !== PATIENCE)) return;
    say(
      { key: `stream:${source}`, title: `${titleOf(source)} is not read completely` },
      `${stream}: ${reason}`,
      'The other streams go on. "herald runs" shows each try, "herald doctor" what is wrong.',
    );
  });
  events.on('run.finished', ({ source }) => void failures.delete(source));
  events.on('records.quarantined', ({ source, records }) => {
    const held = (quarantined.get(source) ?? 0) + records;
    quarantined.set(source, held < QUARANTINE_GROWS ? held : 0);
    if (held < QUARANTINE_GROWS) return;
    say(
      { key: `quarantine:${source}`, title: `${titleOf(source)}: records are not understood` },
      `${held.toLocaleString('en')} more records are in quarantine: kept, and counted nowhere.`,
      `"herald quarantine list --source ${source}" shows why; "herald quarantine replay" takes them in once that is mended.`,
    );
  });
  events.on('schema.drifted', ({ source, drift }) =>
    say(
      { key: `drift:${source}`, title: `${titleOf(source)}: the form of its records changed` },
      drift,
      'Herald goes on with what it understands. "herald quality" lists what is open.',
    ),
  );
  events.on('quota.degraded', ({ source, used, limit }) =>
    say(
      { key: `quota:${source}`, title: `${titleOf(source)} is read less often` },
      describeQuota({ used, limit, at: now() }, now()) ?? `${used} of ${limit} calls are used`,
      'The allowance is the whole company’s: other applications may be using it up.',
    ),
  );
  events.on('quality.finding', ({ severity, finding }) => {
    if (severity !== 'warns') return;
    say(
      { key: 'quality', title: 'New findings in the data' },
      `${finding}.`,
      '"herald quality" lists the records; answers that are touched say so.',
    );
  });
  events.on('job.failed', ({ job, reason }) =>
    say(
      { key: `job:${job}`, title: `The job "${job}" failed` },
      reason,
      'It will be tried again. Until it succeeds, numbers stay as they were and say how old they are.',
    ),
  );
}

function unhurried(callback: () => void, ms: number): void {
  setTimeout(callback, ms).unref();
}

const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
