import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { bundlePage } from '../../../demo/page/bundle.ts';
import { createPageListener } from '../../../demo/page/serve.ts';
import { createSlackStandIn } from '../../../demo/slack/create-slack-stand-in.ts';
import { channels, people } from '../../../demo/slack/workspace.ts';
import { createFaults } from '../../../demo/stand-ins/faults.ts';
import { createLog } from '../../../platform/log.ts';

const [ann, , , vic] = people.map(({ id }) => id) as [string, string, string, string];
const [executive, , general] = channels.map(({ id }) => id) as [string, string, string];
const log = createLog('silent', () => {});
let close = async () => {};
afterEach(() => close());

/** The page in front of a stand-in whose bot acknowledges everything and says nothing. */
async function open() {
  const server = createServer((request, response) =>
    request.url === '/slack/events' ? void response.end() : page(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const standIn = createSlackStandIn({
    now: () => new Date(),
    random: Math.random,
    signingSecret: 'secret',
    botToken: 'xoxb-good',
    eventsUrl: () => `${origin}/slack/events`,
    selfUrl: () => `${origin}/demo/slack`,
    log,
  });
  const zendesk = createFaults({ random: () => 0.5, field: 'priority' });
  const page = createPageListener({
    standIn,
    complete: async (prefix, person) => [`${prefix}urn`, person],
    bundle: { js: 'js', css: 'css' },
    faults: () => ({ zendesk }),
    log,
  });
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const post = async (path: string, body: unknown, type = 'application/json') =>
    (
      await fetch(`${origin}/demo/page/${path}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify(body),
      })
    ).status;
  /** The first thing a person's stream says. */
  const snapshot = async (person: string) => {
    const stream = await fetch(`${origin}/demo/page/stream?person=${person}`);
    const { value } = await stream.body!.getReader().read();
    return new TextDecoder().decode(value);
  };
  return { origin, standIn, zendesk, post, snapshot };
}

describe('the demo page', () => {
  it('is one document with a title', async () => {
    const { origin } = await open();
    expect(await (await fetch(origin)).text()).toContain('<title>Herald demo</title>');
  });

  it('carries what is typed to the workspace', async () => {
    const { post, standIn } = await open();
    await post('say', { person: ann, channel: general, text: 'hello', threadTs: null });
    expect(standIn.state.messages.map(({ text }) => text)).toEqual(['hello']);
  });

  it('lets nobody write where they are no member', async () => {
    const { post, standIn } = await open();
    await post('say', { person: vic, channel: executive, text: 'hello', threadTs: null });
    expect(standIn.state.messages).toEqual([]);
  });

  it('streams nothing from channels that the person cannot read', async () => {
    const { standIn, snapshot } = await open();
    standIn.state.add({ channel: executive, author: ann, text: 'board numbers' });
    expect(await snapshot(vic)).not.toContain('board numbers');
  });

  it('streams to nobody else what only one person may see', async () => {
    const { standIn, snapshot } = await open();
    standIn.state.add({ channel: general, author: ann, text: 'for Ann', onlyFor: ann });
    expect(await snapshot(vic)).not.toContain('for Ann');
  });

  it('takes no form that another site could send', async () => {
    const { post } = await open();
    expect(
      await post('say', { person: ann, channel: general, text: 'hello', threadTs: null }, 'text/plain'),
    ).toBe(415);
  });

  it('refuses what it does not understand', async () => {
    const { post } = await open();
    expect(await post('say', { person: ann })).toBe(400);
  });

  it('completes as the person who asks', async () => {
    const { origin } = await open();
    const answer = await fetch(`${origin}/demo/page/complete?person=${ann}&q=ch`);
    expect(await answer.json()).toEqual(['churn', ann]);
  });

  it('switches a fault of a platform on and off', async () => {
    const { post, zendesk } = await open();
    await post('faults', { source: 'zendesk', kind: 'outage', share: 1 });
    const on = zendesk.current();
    await post('faults', { source: 'zendesk', kind: 'outage', share: 0 });
    expect([on, zendesk.current()]).toEqual([{ outage: 1 }, {}]);
  });

  it('shows the faults that the platform itself says are on', async () => {
    const { origin, zendesk } = await open();
    zendesk.set({ html: 0.5 });
    const answer = await fetch(`${origin}/demo/page/faults`);
    expect(await answer.json()).toMatchObject([{ source: 'zendesk', on: { html: 0.5 }, happened: {} }]);
  });

  it('ends all faults at once', async () => {
    const { post, zendesk } = await open();
    zendesk.set({ html: 0.5, latency: 0.5 });
    await post('faults', { clear: true });
    expect(zendesk.current()).toEqual({});
  });

  it.each([
    { source: 'jira', kind: 'outage', share: 1 },
    { source: 'zendesk', kind: 'late', share: 1 },
    { source: 'zendesk', kind: 'outage', share: 2 },
  ])('refuses a fault that cannot be: $source $kind $share', async (wish) => {
    const { post } = await open();
    expect(await post('faults', wish)).toBe(400);
  });

  it('is bundled into one script and one style sheet', async () => {
    await open();
    const { js, css } = await bundlePage();
    expect({ js: js.length > 100_000, css: css.includes('.message') }).toEqual({ js: true, css: true });
  });
});
