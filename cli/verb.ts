import type { RequestListener } from 'node:http';
import type { AccessSettings } from '../bot/access/directory.ts';
import type { AuthOverrides } from '../bot/transports/teams/auth-settings.ts';
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
  openPlatforms(input: {
    config: Config;
    now: () => Date;
    random: () => number;
    /** Where the one HTTP server listens. */
    origin: () => string;
    log: Log;
    complete: (prefix: string, personId: string) => Promise<readonly string[]>;
  }): Promise<OpenPlatforms>;
};

export type OpenCompany = {
  sources: Record<string, Record<string, unknown>>;
  push(origin: string): void;
  live(everyMs: number): void;
  close(): Promise<void>;
};

export type Target = { kind: 'slack' | 'teams' | 'mail'; to: string };

/** The demo's chat platforms and mail server, as configuration would name real ones. */
export type OpenPlatforms = {
  /** Serves the page and the stand-ins, under / and /demo/. */
  listener: RequestListener;
  slack: { signingSecret: string; botToken: string; apiUrl(): string };
  teams: { appId: string; tenantId: string; auth(): AuthOverrides };
  mail: { host: string; port: number; secure: boolean; from: string };
  access: Pick<AccessSettings, 'people' | 'channels'>;
  targets: { executive: Target; support: Target; operations: Target; board: Target };
  close(): Promise<void>;
};

/** A verb of the terminal: returns its exit code. */
export type Verb = (tools: Tools) => Promise<number>;
