import type { Config } from '../config.ts';
import type { EmbeddedServer } from '../db/embedded/server.ts';
import type { Log } from '../platform/log.ts';
import type { Terminal } from './terminal.ts';

/** What the composition root hands to every verb. Reading the configuration is left to those that need it. */
export type Tools = {
  args: readonly string[];
  terminal: Terminal;
  config(): Config;
  log(): Log;
  now: () => Date;
  random: () => number;
  /** Ends when the process is told to stop. */
  signal: AbortSignal;
  /** Unique per process. */
  processId: string;
  /** Only the composition root reaches the demo. */
  demo: DemoDoor;
};

/** The demo behind a door, so that nothing else of the house imports it. */
export type DemoDoor = {
  openCompany(
    config: Config,
    server: EmbeddedServer | null,
    tools: Pick<Tools, 'now' | 'terminal'>,
  ): Promise<OpenCompany>;
};

export type OpenCompany = {
  sources: Record<string, Record<string, unknown>>;
  live(everyMs: number): void;
  close(): Promise<void>;
};

/** A verb of the terminal: returns its exit code. */
export type Verb = (tools: Tools) => Promise<number>;
