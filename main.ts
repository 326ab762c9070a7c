/** The composition root: reads the configuration, the clock and chance, and hands them to one verb. */
import { randomUUID } from 'node:crypto';
import { createTerminal } from './cli/terminal.ts';
import type { DemoDoor, Tools, Verb } from './cli/verb.ts';
import { type Config, readConfig } from './config.ts';
import { exitCodes, HeraldError } from './platform/errors.ts';
import { createLog, type Log, scrub } from './platform/log.ts';

const verbs: Record<string, () => Promise<Verb>> = {
  ask: async () => (await import('./cli/ask.ts')).ask,
  parse: async () => (await import('./cli/parse.ts')).parse,
  kpis: async () => (await import('./cli/kpis.ts')).kpis,
  sync: async () => (await import('./cli/sync.ts')).sync,
  start: async () => (await import('./cli/start.ts')).start,
  digest: async () => {
    const [{ createDigestVerb }, { wireDigest }] = await Promise.all([
      import('./cli/digest.ts'),
      import('./cli/start/wire-digest.ts'),
    ]);
    return createDigestVerb(wireDigest);
  },
  runs: async () => (await import('./cli/runs.ts')).runs,
  history: async () => (await import('./cli/history.ts')).history,
  rollback: async () => (await import('./cli/rollback.ts')).rollback,
  quality: async () => (await import('./cli/quality.ts')).quality,
  retain: async () => (await import('./cli/retain.ts')).retain,
  quarantine: async () => (await import('./cli/quarantine.ts')).quarantine,
  lineage: async () => (await import('./cli/lineage.ts')).lineage,
  restate: async () => (await import('./cli/restate.ts')).restate,
  backtest: async () => (await import('./cli/backtest.ts')).backtest,
  verify: async () => (await import('./cli/verify.ts')).verify,
  match: async () => (await import('./cli/match.ts')).match,
  'explain-match': async () => (await import('./cli/explain-match.ts')).explainMatch,
  keys: async () => (await import('./cli/keys.ts')).keys,
  doctor: async () => (await import('./cli/doctor.ts')).doctor,
};

const usage = `herald <verb>
  ask "churn last quarter" [--as executive|manager|analyst|viewer] [--format text|json|png|svg|csv|xlsx|pdf|pptx] [--out FILE] [--now ISO]
  parse "<text>" [--now ISO]          how a question is read
  kpis [--format json]                the catalogue
  sync [--source NAME]                read the sources once
  start [--role bot|sync|all] [--source NAME]
  digest run NAME [--now ISO]         send a digest at once
  runs [ID] [--source NAME]           what the sync did last
  history SOURCE STREAM ID [--at ISO] the versions of one record
  rollback RUN [--dry-run|--release]  take back what a bad run changed, as a run of its own
  quality [--rule NAME] [--all]       what is suspicious about the data
  retain                              drop history older than retention.historyMonths
  quarantine list|replay [--id N] [--source NAME]
  lineage KPI PERIOD                  the source records behind a number
  restate KPI PERIOD --between A [--and B]   why a number changed between two instants
  verify [KPI] [--repair]             stored numbers against the facts they were made from
  backtest KPI [--from DAY] [--to DAY] [--segment DIM[=VALUE]]   what alerts there would have been; or --file series.csv
  explain-match SYSTEM ID             which company a record belongs to, and why
  match join|split A B | undo N | list   two accounts (system:id) are one customer, or never are
  keys create|list|rotate|revoke      keys of programs that call Herald over HTTP
  doctor                              what is wrong, and how to mend it
`;

const now = () => new Date();
let company: Awaited<ReturnType<typeof import('./demo/open-company.ts')['openCompany']>> | null = null;
const demo: DemoDoor = {
  openPlatforms: async (input) =>
    (await import('./demo/open-platforms.ts')).openPlatforms({
      ...input,
      // The page switches the faults of the platforms in this process; nobody between here and there knows of them.
      faults: () => company?.faults ?? {},
    }),
  openCompany: async (config, server, tools) => {
    company = await (await import('./demo/open-company.ts')).openCompany(config, server, tools);
    return company;
  },
};

let config: Config | null = null;
let log: Log | null = null;
const stop = new AbortController();
const terminal = createTerminal({
  stdout: process.stdout,
  stderr: process.stderr,
  color: !process.env.NO_COLOR,
  now,
});

const tools: Omit<Tools, 'args'> = {
  terminal,
  now,
  random: Math.random,
  signal: stop.signal,
  processId: `${process.pid}-${randomUUID()}`,
  demo,
  config: () => {
    config ??= readConfig(process.env, process.cwd());
    return config;
  },
  log: () => {
    log ??= createLog(config?.log ?? 'warn', (line) => process.stderr.write(line));
    return log;
  },
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second one means it: leave at once; the database is safe whenever we go.
    if (stop.signal.aborted) process.exit(130);
    stop.abort(new HeraldError('upstream', 'Stopped.'));
  });
}

// The driver's dead-socket fault (postgres.js issues 1066, 1154): the query it belonged to has failed already.
process.on('uncaughtException', (error) => {
  // `herald kpis | head`: nobody reads on.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
  if (
    error instanceof TypeError &&
    /reading 'write'/.test(error.message) &&
    /nextWrite|postgres/.test(error.stack ?? '')
  ) {
    // A service goes on: its loops try again. A verb that runs once could wait for ever for the query that died.
    if (process.argv[2] !== 'start') {
      terminal.say('The database connection broke. Nothing was lost; run it again.');
      process.exit(exitCodes.upstream);
    }
    tools
      .log()
      .warn({ err: error.message }, 'a database socket died; its query has failed and will be tried again');
    return;
  }
  terminal.say(scrub(`Herald stopped: ${error.stack ?? error.message}`));
  process.exit(exitCodes.bug);
});

const [name = 'help', ...args] = process.argv.slice(2);
const load = verbs[name];
if (!load) {
  terminal.out(usage);
  process.exitCode = name === 'help' || name === '--help' ? 0 : exitCodes.ask;
} else {
  try {
    process.exitCode = await (await load())({ ...tools, args });
    // Whatever a library left open does not keep a finished verb alive; what is being written goes out first.
    setTimeout(() => process.exit(), 2_000).unref();
  } catch (thrown) {
    const error = thrown as Error;
    const isUsage = (thrown as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    if (thrown instanceof HeraldError) terminal.say(scrub(error.message));
    else
      terminal.say(
        isUsage
          ? `${error.message}\n\n${usage}`
          : scrub(`Something went wrong inside Herald: ${error.stack ?? error.message}`),
      );
    process.exitCode =
      thrown instanceof HeraldError ? exitCodes[thrown.kind] : isUsage ? exitCodes.ask : exitCodes.bug;
  }
}
