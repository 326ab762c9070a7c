/** App Home: the board of whoever opens it. */
import type { App } from '@slack/bolt';
import type { Desk } from '../../commands/command.ts';
import type { People } from './people.ts';
import { asBlocks } from './post.ts';
import type { Present } from './slack-options.ts';

type HomeOptions = { app: App; desk: Desk; present: Present; people: People };

/** Slack's limit for a home view. */
const mostBlocks = 100;

export function listenForHome({ app, desk, present, people }: HomeOptions): void {
  app.event('app_home_opened', async ({ event, body, client }) => {
    if (event.tab !== 'home') return;
    const reply = await desk.ask({
      text: '',
      person: { platform: 'slack', id: event.user, name: await people.name(event.user) },
      place: { platform: 'slack', channel: event.channel, kind: 'dm' },
      requestId: body.event_id,
    });
    const { blocks } = present(reply, { chart: { kind: 'none' } });
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: asBlocks(blocks.slice(0, mostBlocks)) },
    });
  });
}
