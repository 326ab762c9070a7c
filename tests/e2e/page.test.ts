/** The whole of Herald as a newcomer meets it: `herald start` without configuration, and a real browser on its page. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-e2e-'));
let herald: ChildProcess;
let browser: Browser;
let page: Page;
let said = '';

async function until(found: () => boolean, what: string, ms = 120_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!found()) {
    if (performance.now() > deadline)
      throw new Error(`${what} did not come. Herald said:\n${said.slice(-3000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeAll(async () => {
  const config = path.join(folder, 'herald.yaml');
  // A fiftieth of the company, standing still: the same numbers in every run.
  writeFileSync(config, 'demo: { scale: 0.02, live: false }\nserver: { port: 0 }\n');
  herald = spawn(process.execPath, ['main.ts', 'start'], {
    cwd: root,
    env: {
      ...process.env,
      HERALD_CONFIG: config,
      HERALD_FOLDER: path.join(folder, '.herald'),
      NODE_ENV: 'development',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  herald.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until(() => /page: (http:\S+)/.test(said), 'The address of the page');
  await until(() => said.includes('Everything is read'), 'The first round');
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(/page: (http:\S+)/.exec(said)![1]!);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  if (herald && herald.exitCode === null) {
    const ended = new Promise((resolve) => herald.once('exit', resolve));
    herald.kill('SIGTERM');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 15_000))]);
    if (herald.exitCode === null) herald.kill('SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function ask(text: string): Promise<void> {
  const box = page.getByRole('combobox').or(page.getByRole('textbox')).last();
  await box.fill(text);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
}

async function lookAs(name: string): Promise<void> {
  await page.getByRole('radio', { name: new RegExp(`^${name}`) }).check({ force: true });
}

describe('a newcomer', () => {
  test('is answered in the terminal before anything is asked', () => {
    expect(said).toMatch(/Churn was [\d.]+\s%/);
    expect(said).toContain('churn.png');
  });

  test('types /kpi churn last quarter and sees the number and the chart', async () => {
    await ask('/kpi churn last quarter');
    const answer = page.getByText(/Churn was [\d.]+\s%/).last();
    await answer.waitFor({ timeout: 15_000 });
    const picture = page.getByRole('img', { name: /Churn/ }).last();
    await picture.waitFor({ timeout: 15_000 });
    await expect
      .poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(1000);
  });

  test('finds Monday’s digest in #executive', async () => {
    await page.getByText('What moved and why').first().waitFor({ timeout: 30_000 });
  });

  test('presses a button and gets the breakdown', async () => {
    await page.getByRole('button', { name: 'By segment' }).last().click();
    await page
      .getByText(/1 reply|by segment/)
      .first()
      .waitFor({ timeout: 15_000 });
  });

  test('as the viewer is refused a revenue KPI in words', async () => {
    await lookAs('Vic');
    await ask('/kpi mrr');
    await page
      .getByText(/MRR is a finance KPI, and your role \(viewer\) does not include finance/)
      .waitFor({ timeout: 15_000 });
  });

  test('gets suggestions for what is not understood', async () => {
    await ask('/kpi florb last quarter');
    await page
      .getByText(/does not know/)
      .last()
      .waitFor({ timeout: 15_000 });
  });

  test('asks the same in Teams and sees a card', async () => {
    await lookAs('Ann');
    await page
      .getByRole('button', { name: 'Teams' })
      .or(page.getByRole('tab', { name: 'Teams' }))
      .first()
      .click();
    await ask('kpi churn last quarter');
    await page.locator('.ac-adaptiveCard').last().waitFor({ timeout: 30_000 });
    await expect.poll(() => page.locator('.ac-adaptiveCard').last().textContent()).toMatch(/Churn was/);
  });

  test('finds the board’s mail with a PDF', async () => {
    await page
      .getByRole('button', { name: 'Inbox' })
      .or(page.getByRole('tab', { name: 'Inbox' }))
      .first()
      .click();
    await page
      .getByText(/executive-\d{4}-\d\d-\d\d\.pdf/)
      .first()
      .waitFor({ timeout: 30_000 });
  });

  test('switches Zendesk off and on again, as the platform itself has it', async () => {
    const drawer = page.getByRole('complementary', { name: 'Faults' });
    const outage = drawer.getByRole('switch', { name: 'Zendesk: Nothing answers' });
    const unreachable = async () => {
      const answer = await fetch(new URL('/health', page.url()));
      const { sources } = (await answer.json()) as {
        sources: { source: string; unreachableSince: string | null }[];
      };
      return sources.filter((one) => one.unreachableSince !== null).map(({ source }) => source);
    };
    const openFaults = async () => {
      await page.reload();
      await page.getByRole('button', { name: /^Faults/ }).click();
    };
    await openFaults();
    await drawer.getByText('Zendesk', { exact: true }).click();
    await outage.click();
    await expect.poll(() => outage.isChecked()).toBe(true);
    await openFaults();
    await expect.poll(() => outage.isChecked()).toBe(true);
    // Herald finds out by itself.
    await expect.poll(() => unreachable(), { timeout: 60_000 }).toEqual(['zendesk']);
    await outage.click();
    await expect.poll(() => outage.isChecked()).toBe(false);
    await openFaults();
    await drawer.getByText('Zendesk', { exact: true }).click();
    await expect.poll(() => outage.isChecked()).toBe(false);
  });
});
