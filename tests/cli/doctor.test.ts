import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { judgeMigrations, judgeSkew } from '../../cli/doctor/check-database.ts';
import { checkNode, judgeFree } from '../../cli/doctor/check-machine.ts';
import { checkMail, checkRedis, checkSlack, checkTeams } from '../../cli/doctor/check-platforms.ts';
import { type Finding, fault, ok, warning } from '../../cli/doctor/finding.ts';
import { doctor, exitOf, table } from '../../cli/doctor.ts';
import { readConfig } from '../../config.ts';
import { openTestDatabase } from '../database.ts';
import { quiet } from '../run-cycle.ts';

let folder: string;
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'herald-doctor-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function serve(body: unknown, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close', ...headers });
    response.end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function run(
  env: Record<string, string>,
): Promise<{ code: number; findings: Finding[]; mode: string | null }> {
  let out = '';
  const code = await doctor({
    args: ['--format', 'json'],
    terminal: {
      out: (text) => {
        out += text;
      },
      say: () => undefined,
      progress: () => undefined,
      color: false,
      width: 80,
    },
    config: () => readConfig({ HERALD_FOLDER: path.join(folder, 'state'), ...env }, folder),
    log: () => quiet,
    now: () => new Date(),
    random: Math.random,
    signal: new AbortController().signal,
    processId: 'doctor-test',
    demo: {
      openCompany: async () => {
        throw new Error('the demo is not asked for');
      },
      openPlatforms: async () => {
        throw new Error('the demo is not asked for');
      },
    },
  });
  return { code, ...(JSON.parse(out) as { findings: Finding[]; mode: string | null }) };
}

const slackOf = (apiUrl: string) => ({
  botToken: 'xoxb-made-up-1',
  signingSecret: 'made-up-signing',
  apiUrl,
});
const allScopes =
  'commands,chat:write,files:write,files:read,app_mentions:read,im:history,im:write,users:read,channels:read';

describe('the whole examination', () => {
  test('of a sound installation finds nothing', async () => {
    const home = await openTestDatabase();
    mkdirSync(path.join(folder, 'files'));
    writeFileSync(path.join(folder, 'files/quotas.csv'), 'id;rep\n1;Ann\n');
    writeFileSync(
      path.join(folder, 'herald.yaml'),
      `sources:
  finance: { kind: csv, folder: ${folder}/files, streams: { quotas: { file: quotas.csv, key: id, entity: quota, map: { owner: rep } } } }
slack: { apiUrl: "${await serve({ ok: true, team: 'Acme', user: 'herald' }, { 'x-oauth-scopes': allScopes })}" }
server: { publicUrl: "https://herald.acme.com" }
`,
    );
    const { code, findings, mode } = await run({
      DATABASE_URL: home.url,
      HERALD_SLACK_BOT_TOKEN: 'xoxb-made-up-1',
      HERALD_SLACK_SIGNING_SECRET: 'made-up-signing',
    });
    await home.close();
    expect(findings.filter(({ state }) => state === 'fault')).toEqual([]);
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Node', 'Database', 'Schema', 'Clock', 'Pictures', 'Slack', 'Address']),
    );
    expect([code, mode]).toEqual([0, 'real']);
  });

  test('of a faulty configuration names every fault and ends with 78', async () => {
    writeFileSync(path.join(folder, 'herald.yaml'), 'company: { timeZone: Mars }\nsurprise: 1');
    const { code, findings } = await run({});
    const found = findings.find(({ name }) => name === 'Configuration');
    expect(found?.detail).toMatch(/company\.timeZone[\s\S]*surprise/);
    expect(code).toBe(78);
  });

  test('of a source with faulty settings says which, and still looks at the rest', async () => {
    const home = await openTestDatabase();
    writeFileSync(
      path.join(folder, 'herald.yaml'),
      'sources: { intercom: {}, zendesk: { baseUrl: "https://x.test" } }',
    );
    const { code, findings } = await run({ DATABASE_URL: home.url });
    await home.close();
    expect(findings.find(({ name }) => name === 'Intercom')?.detail).toContain('sources.intercom.token');
    expect(findings.find(({ name }) => name === 'Zendesk')?.state).toBe('fault');
    expect(code).toBe(78);
  });

  test('of a database that is away ends with 75', async () => {
    mkdirSync(path.join(folder, 'files'));
    writeFileSync(path.join(folder, 'files/quotas.csv'), 'id;rep\n1;Ann\n');
    writeFileSync(
      path.join(folder, 'herald.yaml'),
      `sources: { finance: { kind: csv, folder: ${folder}/files, streams: { quotas: { file: quotas.csv, key: id, entity: quota, map: { owner: rep } } } } }`,
    );
    const { code, findings } = await run({ DATABASE_URL: 'postgres://herald@127.0.0.1:9/none' });
    expect(findings.find(({ name }) => name === 'Database')).toMatchObject({
      state: 'fault',
      kind: 'upstream',
    });
    expect(code).toBe(75);
  });

  test('of a database that no Herald has used warns and changes nothing', async () => {
    const home = await openTestDatabase({ empty: true });
    const first = await run({
      DATABASE_URL: home.url,
      HERALD_SLACK_BOT_TOKEN: 'xoxp-wrong',
      HERALD_SLACK_SIGNING_SECRET: 'x',
    });
    const second = await run({
      DATABASE_URL: home.url,
      HERALD_SLACK_BOT_TOKEN: 'xoxp-wrong',
      HERALD_SLACK_SIGNING_SECRET: 'x',
    });
    await home.close();
    const schema = (found: Finding[]) => found.find(({ name }) => name === 'Schema');
    expect(schema(first.findings)).toMatchObject({ state: 'warning' });
    expect(schema(second.findings)).toEqual(schema(first.findings));
  });
});

describe('Slack', () => {
  test('a refused token is the operator’s to mend', async () => {
    const found = await checkSlack(slackOf(await serve({ ok: false, error: 'invalid_auth' })));
    expect(found).toMatchObject({ state: 'fault', kind: 'setup', detail: 'refuses the token: invalid_auth' });
  });

  test('missing scopes are named', async () => {
    const found = await checkSlack(
      slackOf(await serve({ ok: true }, { 'x-oauth-scopes': 'commands,chat:write' })),
    );
    expect(found.state).toBe('warning');
    expect(found.detail).toContain('files:write');
  });

  test('a server that is away is upstream’s', async () => {
    const found = await checkSlack(slackOf('http://127.0.0.1:9/'));
    expect(found).toMatchObject({ state: 'fault', kind: 'upstream' });
  });

  test('a user token is told from a bot token without asking Slack', async () => {
    const found = await checkSlack({ botToken: 'xoxp-1', signingSecret: 'x' });
    expect(found.detail).toBe('slack.botToken is no bot token');
  });
});

describe('the other platforms', () => {
  const id = '00000000-0000-0000-0000-000000000000';

  test('Teams ids that are no UUIDs are named', () => {
    expect(checkTeams({ appId: 'herald', appPassword: 'x', tenantId: 'acme' }).detail).toBe(
      'teams.appId is no UUID; teams.tenantId is no UUID',
    );
  });

  test('Teams without a tenant is a warning', () => {
    expect(checkTeams({ appId: id, appPassword: 'x' }).state).toBe('warning');
  });

  test('a mail server that is away is upstream’s', async () => {
    const found = await checkMail(
      { host: '127.0.0.1', port: 9, secure: false, from: 'herald@acme.com' },
      quiet,
    );
    expect(found).toMatchObject({ state: 'fault', kind: 'upstream' });
  });

  test('a Redis that is away is a warning: answers come without it', async () => {
    expect(await checkRedis('redis://127.0.0.1:9')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('judgements', () => {
  test.each([
    ['24.21.0', 'ok'],
    ['20.20.2', 'fault'],
  ])('Node %s is %s', (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  test.each([
    [100e6, 'fault'],
    [1e9, 'warning'],
    [50e9, 'ok'],
  ])('%d free bytes are %s', (free, state) => {
    expect(judgeFree('/x', free).state).toBe(state);
  });

  test.each([
    [0, 'ok'],
    [2, 'warning'],
    [-1, 'fault'],
  ])('%d missing migrations are %s', (pending, state) => {
    expect(judgeMigrations(pending).state).toBe(state);
  });

  test.each([
    [400, 'ok'],
    [-20_000, 'warning'],
    [300_000, 'fault'],
  ])('a clock %d ms off is %s', (skew, state) => {
    expect(judgeSkew(skew).state).toBe(state);
  });

  test('a fault of the set-up outweighs one that may pass', () => {
    expect(exitOf([fault('a', 'upstream', '', ''), fault('b', 'setup', '', '')])).toBe(78);
  });

  test('warnings alone end with 0', () => {
    expect(exitOf([warning('a', '', '')])).toBe(0);
  });

  test('the table says what to do next, and only where there is something to do', () => {
    expect(
      table([ok('Node', '24'), fault('Slack', 'setup', 'refuses', 'Install it again.')], 'real', false),
    ).toBe('✓ Node   24\n✗ Slack  refuses\n         → Install it again.\n\nOne thing is wrong.\n');
  });
});
