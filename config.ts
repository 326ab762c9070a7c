/**
 * The only reader of the environment and of herald.yaml. Every fault is reported at once, each with its place.
 * Without any source, Slack or Teams in it the configuration is the demo's; in production that is refused.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { months, weekdays, weekPatterns } from './kpi/calendar.ts';
import { ownKpiSchema, ownMeasuresSchema } from './kpi/own/schema.ts';
import { dimensions } from './kpi/question.ts';
import { isTargetKey } from './kpi/target/period-of-key.ts';
import { HeraldError } from './platform/errors.ts';
import { neverLog } from './platform/log.ts';
import { scheduleSettings } from './sync/business-hours/schedule.ts';

const zone = z.string().refine((name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}, 'is no time zone; use a name like Europe/Berlin');

const address = z.url({ protocol: /^https?$/, error: 'must be an address that begins with https://' });
const role = z.enum(['executive', 'manager', 'analyst', 'viewer']);
const areas = z.array(z.enum(['sales', 'marketing', 'success', 'support', 'operations', 'finance']));
const grant = z.union([
  role.transform((name) => ({ role: name, areas: undefined })),
  z.strictObject({ role, areas: areas.optional() }),
]);
const secret = z.string().min(1);

const targetKey = z
  .string()
  .refine(
    isTargetKey,
    'must be day, week, month, quarter, year, or one period such as 2026-Q4, 2026-11, FY2027',
  );
const amounts = z.record(targetKey, z.number());
/** Amounts by period, beside `by`: amounts for a value of a dimension. */
const goals = z
  .looseObject({ by: z.partialRecord(z.enum(dimensions), z.record(z.string(), amounts)).default({}) })
  .transform(({ by, ...rest }) => ({ amounts: rest, by }))
  .pipe(z.strictObject({ amounts, by: z.record(z.string(), z.record(z.string(), amounts)) }));
const fiscalCalendar = z.strictObject({
  pattern: z.enum(weekPatterns),
  yearEnds: z.strictObject({
    weekday: z.enum(weekdays),
    month: z.enum(months),
    rule: z.enum(['last', 'nearest']),
  }),
});
const target = z.strictObject({ kind: z.enum(['slack', 'teams', 'mail']), to: z.string().min(1) });

/** Everything herald.yaml may say; herald.example.yaml explains each line. */
export const configSchema = z.strictObject({
  company: z
    .strictObject({
      name: z.string().min(1).default('Your company'),
      timeZone: zone.default('UTC'),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR')
        .default('USD'),
      weekStart: z.enum(['monday', 'sunday', 'saturday']).default('monday'),
      fiscalYearStart: z.enum(months).default('january'),
      fiscalCalendar: fiscalCalendar.optional(),
      fiscalYearNamedBy: z.enum(['end', 'start']).default('end'),
      holidays: z
        .array(
          z
            .string()
            .regex(/^(\d{4}-)?\d\d-\d\d$/, 'must be a day such as 2026-04-03, or 12-25 for every year'),
        )
        .default([]),
    })
    .prefault({}),
  /** What one unit of another currency is worth in the company's: for ever, or from each of these days on. */
  rates: z
    .record(
      z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR'),
      z.union([
        z.number().positive(),
        z.record(
          z.string().regex(/^\d{4}-\d\d-\d\d$/, 'must be a day such as 2026-01-31'),
          z.number().positive(),
        ),
      ]),
    )
    .default({}),
  /** Built-in systems by name; any other name is an in-house system described by `kind`. */
  sources: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be lower case letters, digits and _'),
      z.looseObject({ schedule: z.string().optional(), baseUrl: address.optional() }),
    )
    .default({}),
  slack: z.strictObject({ botToken: secret, signingSecret: secret, apiUrl: address.optional() }).optional(),
  teams: z.strictObject({ appId: secret, appPassword: secret, tenantId: secret.optional() }).optional(),
  mail: z
    .strictObject({
      host: z.string().min(1),
      port: z.int().min(1).max(65535).default(587),
      secure: z.boolean().default(false),
      user: z.string().optional(),
      password: z.string().optional(),
      from: z.string().min(3),
    })
    .optional(),
  access: z
    .strictObject({
      people: z.record(z.string(), grant).default({}),
      channels: z.record(z.string(), grant).default({}),
      terminal: grant.default({ role: 'executive', areas: undefined }),
    })
    .prefault({}),
  digests: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9-]*$/),
        title: z.string(),
        cron: z.string().default('0 8 * * 1'),
        timeZone: zone.optional(),
        role: role.default('executive'),
        kpis: z.array(z.string()).min(1),
        targets: z.array(target).min(1),
      }),
    )
    .default([]),
  alerts: z
    .array(
      z
        .strictObject({
          kpis: z.array(z.string()).min(1),
          targets: z.array(target).min(1),
          above: z.number().optional(),
          below: z.number().optional(),
        })
        .refine(({ kpis, above, below }) => (above ?? below) === undefined || !kpis.includes('*'), {
          message: 'a limit needs KPIs by name: units differ',
        }),
    )
    .default([]),
  /** Who is told of Herald's own trouble: a source that fails, records that are not understood, a job that failed. */
  operations: z.strictObject({ targets: z.array(target).default([]) }).prefault({}),
  /** When support works, by name: what business hours are counted in. */
  schedules: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be lower case letters, digits and _'),
      scheduleSettings,
    )
    .default({}),
  /** The company's own measures and KPIs; what they name is checked by cli/catalogue-of.ts. */
  measures: ownMeasuresSchema.default({}),
  kpis: z.array(ownKpiSchema).default([]),
  targets: z.record(z.string(), goals).default({}),
  retention: z
    .strictObject({
      historyMonths: z.int().min(1).max(1200).default(25),
      changeLogDays: z.int().min(1).max(3650).default(35),
    })
    .prefault({}),
  demo: z
    .strictObject({
      live: z.boolean().default(true),
      seed: z.int().default(20260101),
      scale: z.number().min(0.005).max(5).default(1),
    })
    .prefault({}),
  server: z
    .strictObject({
      port: z.int().min(0).max(65535).default(3000),
      host: z.string().default('127.0.0.1'),
      publicUrl: address.optional(),
    })
    .prefault({}),
  log: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
});

export type FileConfig = z.infer<typeof configSchema>;

export type Config = FileConfig & {
  mode: 'demo' | 'real';
  production: boolean;
  /** Where the embedded database and all local state lie. */
  folder: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  /** Key that seals kept tokens and signs picture links; made and kept in `folder` when not given. */
  secretKey: string | null;
  color: boolean;
};

/** Settings that may come from the environment, each also as NAME_FILE. */
export const fromEnvironment: Record<string, readonly string[]> = {
  HERALD_SLACK_BOT_TOKEN: ['slack', 'botToken'],
  HERALD_SLACK_SIGNING_SECRET: ['slack', 'signingSecret'],
  HERALD_TEAMS_APP_ID: ['teams', 'appId'],
  HERALD_TEAMS_APP_PASSWORD: ['teams', 'appPassword'],
  HERALD_TEAMS_TENANT_ID: ['teams', 'tenantId'],
  HERALD_MAIL_USER: ['mail', 'user'],
  HERALD_MAIL_PASSWORD: ['mail', 'password'],
  HERALD_SERVER_PORT: ['server', 'port'],
  HERALD_SERVER_HOST: ['server', 'host'],
  HERALD_SERVER_PUBLIC_URL: ['server', 'publicUrl'],
  HERALD_LOG: ['log'],
};
/** Read elsewhere in this file. */
export const own = ['HERALD_CONFIG', 'HERALD_FOLDER', 'HERALD_SECRET_KEY'];
const numeric = new Set(['HERALD_SERVER_PORT']);

export type Environment = Readonly<Record<string, string | undefined>>;

/** Read and check everything; throws `setup` with every fault. */
export function readConfig(env: Environment, cwd: string): Config {
  const faults: string[] = [];
  const value = (name: string): string | undefined => {
    const file = env[`${name}_FILE`];
    if (!file) return env[name];
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      faults.push(`${name}_FILE: cannot read ${file}`);
      return undefined;
    }
  };
  const given = readFile(env, cwd, faults);
  applyEnvironment(given, env, value, faults);
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const at = issue.path.join('.') || 'herald.yaml';
      faults.push(
        issue.code === 'unrecognized_keys'
          ? `${at}: does not know ${issue.keys.map((key) => `"${key}"`).join(', ')}`
          : `${at}: ${issue.message}`,
      );
    }
  }
  const databaseUrl = value('DATABASE_URL') ?? null;
  if (databaseUrl !== null && !/^postgres(ql)?:\/\//.test(databaseUrl))
    faults.push('DATABASE_URL: must begin with postgres://');
  const redisUrl = value('REDIS_URL') ?? null;
  if (redisUrl !== null && !/^rediss?:\/\//.test(redisUrl))
    faults.push('REDIS_URL: must begin with redis:// or rediss://');
  const secretKey = value('HERALD_SECRET_KEY') ?? null;
  if (secretKey !== null && secretKey.length < 32)
    faults.push('HERALD_SECRET_KEY: needs at least 32 characters; make one with "openssl rand -base64 32"');
  const production = env.NODE_ENV === 'production';
  const data = parsed.success ? parsed.data : null;
  const mode = data && Object.keys(data.sources).length === 0 && !data.slack && !data.teams ? 'demo' : 'real';
  if (data && mode === 'demo' && production)
    faults.push(
      'herald.yaml: names no source, no Slack and no Teams. In production Herald does not fall back to the demo; see herald.example.yaml',
    );
  if (faults.length > 0 || !data)
    throw new HeraldError(
      'setup',
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  for (const known of [
    data.slack?.botToken,
    data.slack?.signingSecret,
    data.teams?.appPassword,
    data.mail?.password,
    secretKey,
  ])
    neverLog(known);
  return {
    ...data,
    mode,
    production,
    folder: path.resolve(cwd, env.HERALD_FOLDER ?? '.herald'),
    databaseUrl,
    redisUrl,
    secretKey,
    color: !env.NO_COLOR,
  };
}

type Tree = Record<string, unknown>;

function readFile(env: Environment, cwd: string, faults: string[]): Tree {
  const file = path.resolve(cwd, env.HERALD_CONFIG ?? 'herald.yaml');
  if (!existsSync(file)) {
    if (env.HERALD_CONFIG) faults.push(`HERALD_CONFIG: ${file} does not exist`);
    return {};
  }
  try {
    const tree = parseYaml(readFileSync(file, 'utf8')) as unknown;
    if (tree === null || tree === undefined) return {};
    if (typeof tree === 'object' && !Array.isArray(tree)) return tree as Tree;
    faults.push('herald.yaml: must hold settings by name, such as "company:"');
  } catch (error) {
    faults.push(`herald.yaml: ${(error as Error).message.split('\n')[0]}`);
  }
  return {};
}

function applyEnvironment(
  tree: Tree,
  env: Environment,
  value: (name: string) => string | undefined,
  faults: string[],
): void {
  const names = new Set(
    Object.keys(env)
      .filter((name) => name.startsWith('HERALD_'))
      .map((name) => name.replace(/_FILE$/, '')),
  );
  for (const name of names) {
    if (own.includes(name)) continue;
    const at = fromEnvironment[name] ?? sourceSetting(name, tree);
    if (!at) {
      faults.push(`${name}: Herald does not know this variable; herald.example.yaml lists them`);
      continue;
    }
    const given = value(name);
    if (given !== undefined) set(tree, at, numeric.has(name) ? Number(given) : given);
  }
}

/** HERALD_SOURCES_SALESFORCE_CLIENT_SECRET → sources.salesforce.clientSecret, for a source that the file names. */
function sourceSetting(name: string, tree: Tree): string[] | null {
  const rest = /^HERALD_SOURCES_(.+)$/.exec(name)?.[1]?.toLowerCase();
  if (!rest) return null;
  const sources = Object.keys((tree.sources as Tree | undefined) ?? {});
  const source = sources
    .filter((candidate) => rest.startsWith(`${candidate}_`))
    .sort((a, b) => b.length - a.length)[0];
  if (!source) return null;
  const field = rest
    .slice(source.length + 1)
    .replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
  return ['sources', source, field];
}

function set(tree: Tree, at: readonly string[], value: unknown): void {
  let node = tree;
  for (const step of at.slice(0, -1)) {
    const next = node[step];
    const child = (typeof next === 'object' && next !== null ? next : {}) as Tree;
    node[step] = child;
    node = child;
  }
  node[at.at(-1)!] = value;
}
