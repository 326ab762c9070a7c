import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { configSchema, fromEnvironment, own, readConfig } from '../config.ts';
import { HeraldError } from '../platform/errors.ts';
import { scrub } from '../platform/log.ts';
import { customSettings } from '../sync/sources/custom/settings.ts';
import { checkSource, openSource } from '../sync/sources/registry.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'herald-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(text: string, name = 'herald.yaml'): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** The message of the refusal, or a failure when nothing was refused. */
function refusal(env: Record<string, string>): HeraldError {
  try {
    readConfig(env, folder);
  } catch (thrown) {
    if (thrown instanceof HeraldError) return thrown;
    throw thrown;
  }
  throw new Error('the configuration was taken');
}

const slack = {
  HERALD_SLACK_BOT_TOKEN: 'xoxb-made-up-token',
  HERALD_SLACK_SIGNING_SECRET: 'made-up-signing',
};

describe('herald.example.yaml', () => {
  const text = readFileSync(new URL('../herald.example.yaml', import.meta.url), 'utf8');
  const secrets = {
    ...slack,
    HERALD_TEAMS_APP_PASSWORD: 'made-up-password',
    HERALD_SOURCES_SALESFORCE_CLIENT_SECRET: 'made-up-secret-1',
    HERALD_SOURCES_HUBSPOT_ACCESS_TOKEN: 'made-up-secret-2',
    HERALD_SOURCES_ZENDESK_CLIENT_SECRET: 'made-up-secret-3',
    HERALD_SOURCES_INTERCOM_TOKEN: 'made-up-secret-4',
    HERALD_SOURCES_SURVEYS_TOKEN: 'made-up-secret-5',
  };

  test('is a configuration, given the secrets that it names', () => {
    write(text);
    expect(readConfig(secrets, folder).mode).toBe('real');
  });

  test.each(Object.keys((parseYaml(text) as { sources: object }).sources))(
    'describes a source %s that can be opened',
    async (name) => {
      write(text);
      const { sources } = readConfig(secrets, folder);
      const settings = sources[name];
      expect(await checkSource({ name, settings })).toEqual([]);
      expect((await openSource({ name, settings, companyCurrency: 'EUR' })).name).toBe(name);
    },
  );

  test('mentions every setting', () => {
    const named = (leaf: string) =>
      new RegExp(`(^|[\\s{,#-])"?${leaf}"?:`, 'm').test(ours.has(leaf) ? text + page : text);
    // A page of its own tells all of what the example shows one of.
    const page = readFileSync(path.join(import.meta.dirname, '../docs/own-kpis.md'), 'utf8');
    const ours = new Set(
      leavesOf(z.object({ kpis: configSchema.shape.kpis, measures: configSchema.shape.measures })),
    );
    const leaves = new Set([...leavesOf(configSchema), ...leavesOf(customSettings)]);
    expect([...leaves].filter((leaf) => !named(leaf))).toEqual([]);
  });

  test('mentions every variable of the environment', () => {
    const variables = [
      ...Object.keys(fromEnvironment),
      ...own,
      'DATABASE_URL',
      'REDIS_URL',
      'NODE_ENV',
      'NO_COLOR',
    ];
    expect(variables.filter((name) => !text.includes(name))).toEqual([]);
  });
});

type JsonSchema = { properties?: Record<string, JsonSchema> } & Record<string, unknown>;

/** Names of all settings, however deep. */
function leavesOf(schema: z.ZodType): string[] {
  const names: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === 'object' && node !== null) {
      const { properties, ...rest } = node as JsonSchema;
      for (const [name, inner] of Object.entries(properties ?? {})) {
        names.push(name);
        visit(inner);
      }
      visit(Object.values(rest));
    }
  };
  visit(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return names;
}

describe('faults', () => {
  test('are all reported at once, each with its place', () => {
    write(`
company: { timeZone: Mars/Olympus, currency: euro }
mail: { host: smtp.acme.com }
surprise: 1
digests: [{ name: Monday!, title: x, kpis: [], targets: [] }]
`);
    const { kind, message } = refusal({ REDIS_URL: 'http://x', HERALD_SECRET_KEY: 'short' });
    expect(kind).toBe('setup');
    for (const place of [
      'company.timeZone:',
      'company.currency:',
      'mail.from:',
      'does not know "surprise"',
      'digests.0.name:',
      'digests.0.kpis:',
      'REDIS_URL:',
      'HERALD_SECRET_KEY:',
    ])
      expect(message).toContain(place);
  });

  test('of the YAML itself name the file', () => {
    write('company: [unclosed');
    expect(refusal({}).message).toContain('herald.yaml: ');
  });

  test('a list where settings belong is refused', () => {
    write('- one\n- two');
    expect(refusal({}).message).toContain('must hold settings by name');
  });

  test('a named configuration file that is not there is refused', () => {
    expect(refusal({ HERALD_CONFIG: 'elsewhere.yaml' }).message).toContain('elsewhere.yaml does not exist');
  });

  test('an unknown HERALD_ variable is refused by its name', () => {
    expect(refusal({ HERALD_SLACK_BOTTOKEN: 'xoxb-1' }).message).toContain(
      'HERALD_SLACK_BOTTOKEN: Herald does not know this variable',
    );
  });

  test('a variable of a source that the file does not name is refused', () => {
    expect(refusal({ HERALD_SOURCES_ZENDESK_API_TOKEN: 'x' }).message).toContain(
      'HERALD_SOURCES_ZENDESK_API_TOKEN',
    );
  });

  test('a DATABASE_URL of another engine is refused', () => {
    expect(refusal({ DATABASE_URL: 'mysql://x' }).message).toContain(
      'DATABASE_URL: must begin with postgres://',
    );
  });

  test('a secret never stands in the message', () => {
    write('slack: { botToken: 5, signingSecret: made-up-signing }');
    expect(
      refusal({ HERALD_SECRET_KEY: 'too-short-secret', DATABASE_URL: 'x:hidden-pass@y' }).message,
    ).not.toMatch(/made-up-signing|too-short-secret|hidden-pass/);
  });
});

describe('the mode', () => {
  test('is the demo without any configuration', () => {
    expect(readConfig({}, folder)).toMatchObject({ mode: 'demo', production: false, databaseUrl: null });
  });

  test('is real with a source', () => {
    write('sources: { intercom: { token: made-up-token } }');
    expect(readConfig({}, folder).mode).toBe('real');
  });

  test('is real with Slack from the environment alone', () => {
    expect(readConfig(slack, folder)).toMatchObject({
      mode: 'real',
      slack: { botToken: 'xoxb-made-up-token', signingSecret: 'made-up-signing' },
    });
  });

  test('production does not fall back to the demo', () => {
    const { kind, message } = refusal({ NODE_ENV: 'production' });
    expect(kind).toBe('setup');
    expect(message).toContain('In production Herald does not fall back to the demo');
  });
});

describe('the environment', () => {
  test('gives a secret by file, without the line end', () => {
    const file = write('xoxb-from-a-file\n', 'token');
    const config = readConfig(
      { HERALD_SLACK_BOT_TOKEN_FILE: file, HERALD_SLACK_SIGNING_SECRET: 'made-up-signing' },
      folder,
    );
    expect(config.slack?.botToken).toBe('xoxb-from-a-file');
  });

  test('gives the database address by file', () => {
    const file = write('postgres://a:b@db/herald\n', 'url');
    expect(readConfig({ DATABASE_URL_FILE: file }, folder).databaseUrl).toBe('postgres://a:b@db/herald');
  });

  test('a secret file that cannot be read is a fault', () => {
    expect(refusal({ HERALD_SECRET_KEY_FILE: '/nowhere/key' }).message).toContain(
      'HERALD_SECRET_KEY_FILE: cannot read /nowhere/key',
    );
  });

  test('wins over the file', () => {
    write('log: info\nserver: { port: 4000 }');
    expect(readConfig({ HERALD_LOG: 'error', HERALD_SERVER_PORT: '5000' }, folder)).toMatchObject({
      log: 'error',
      server: { port: 5000 },
    });
  });

  test('a port that is no number is refused', () => {
    expect(refusal({ HERALD_SERVER_PORT: 'http' }).message).toContain('server.port:');
  });

  test('sets a source’s setting in its own spelling', () => {
    write('sources: { salesforce: { baseUrl: "https://acme.my.salesforce.com", clientId: x } }');
    const { sources } = readConfig({ HERALD_SOURCES_SALESFORCE_CLIENT_SECRET: 'made-up' }, folder);
    expect(sources.salesforce).toMatchObject({ clientId: 'x', clientSecret: 'made-up' });
  });

  test('the longest source name takes a variable that two could take', () => {
    write('sources: { hr: { kind: postgres }, hr_old: { kind: postgres } }');
    const { sources } = readConfig({ HERALD_SOURCES_HR_OLD_URL: 'postgres://old' }, folder);
    expect([sources.hr?.url, sources.hr_old?.url]).toEqual([undefined, 'postgres://old']);
  });

  test('a token that was read is scrubbed from everything said later', () => {
    readConfig({ ...slack, HERALD_SLACK_SIGNING_SECRET: 'unlikely-signing-secret' }, folder);
    expect(scrub('it was unlikely-signing-secret')).toBe('it was •••');
  });
});
