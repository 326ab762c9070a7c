/** What the Dockerfile does, without Docker: production dependencies and the copied folders alone must start. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const dockerfile = readFileSync(path.join(root, 'Dockerfile'), 'utf8');
/** Every source of a COPY line. */
const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap((match) => match[1]!.split(' '));
let app: string;

beforeAll(() => {
  app = mkdtempSync(path.join(os.tmpdir(), 'herald-image-'));
  for (const name of copied) {
    mkdirSync(path.dirname(path.join(app, name)), { recursive: true });
    cpSync(path.join(root, name), path.join(app, name), { recursive: true });
  }
  // With the caller's environment: proxies and certificates on the way to the registry are its business.
  const made = run('sh', ['docker/install.sh'], { ...process.env, NODE_ENV: 'production' });
  if (made.status !== 0) throw new Error(`docker/install.sh ended with ${made.status}: ${made.stderr}`);
}, 600_000);

afterAll(() => {
  rmSync(app, { recursive: true, force: true });
});

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(command, args, {
    cwd: app,
    encoding: 'utf8',
    timeout: 500_000,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
}

const herald = (args: string[], env: Record<string, string> = {}) =>
  run(process.execPath, ['main.ts', ...args], { HERALD_FOLDER: path.join(app, '.herald'), ...env });

test('neither development packages nor the pinned runtime are there', () => {
  const there = ['vitest', 'typescript', 'esbuild', 'playwright-core', 'rimraf', 'node'].filter((name) =>
    existsSync(path.join(app, 'node_modules', name, 'package.json')),
  );
  expect(there).toEqual([]);
});

test('the demo is not in the image', () => {
  expect(copied).not.toContain('demo');
});

test('a question is read', () => {
  const { status, stdout } = herald(['parse', 'churn last quarter']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ kpi: 'churn' });
});

test('the catalogue is listed', () => {
  const { status, stdout } = herald(['kpis']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^churn /m);
});

test('in production it does not fall back to the demo', () => {
  const { status, stderr } = herald(['start'], { NODE_ENV: 'production' });
  expect(status).toBe(78);
  expect(stderr).toContain('does not fall back to the demo');
});

test('the embedded database starts, and fonts draw', () => {
  const { status, stdout } = herald(['doctor', '--format', 'json'], {
    NODE_ENV: 'production',
    HERALD_SLACK_BOT_TOKEN: 'not-asked-for',
    HERALD_SLACK_SIGNING_SECRET: 'made-up-signing',
  });
  const { findings } = JSON.parse(stdout) as { findings: { name: string; state: string; detail: string }[] };
  const states = Object.fromEntries(findings.map(({ name, state }) => [name, state]));
  expect(states).toMatchObject({ Database: 'ok', Pictures: 'ok', Slack: 'fault' });
  expect(status).toBe(78);
});

test.each(['salesforce', 'hubspot', 'zendesk', 'intercom'])('the SDK of %s is there', (name) => {
  const settings = JSON.stringify({
    baseUrl: 'https://made-up.example',
    clientId: 'x',
    clientSecret: 'made-up',
    ...(name === 'intercom' ? { token: 'made-up', clientId: undefined, clientSecret: undefined } : {}),
    ...(name === 'hubspot' ? { accessToken: 'made-up', clientId: undefined, clientSecret: undefined } : {}),
  });
  const code = `const { openSource } = await import('./sync/sources/registry.ts'); console.log((await openSource({ name: '${name}', settings: ${settings}, companyCurrency: 'USD' })).name)`;
  const { stdout, stderr } = run(process.execPath, ['--input-type=module', '-e', code]);
  expect(`${stdout.trim()}${stderr}`).toBe(name);
});

test.each([
  'bot/transports/slack/create-slack-transport.ts',
  'bot/transports/teams/teams-ai-port.ts',
  'bot/transports/mail/transport.ts',
  'platform/queue.ts',
  'render/documents/excel.ts',
  'render/documents/pdf.ts',
  'render/documents/powerpoint.ts',
])('%s loads with production packages alone', (file) => {
  const { status, stderr } = run(process.execPath, [
    '--input-type=module',
    '-e',
    `await import('./${file}')`,
  ]);
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
});
