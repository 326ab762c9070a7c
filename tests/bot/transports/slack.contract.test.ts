import { bot } from '../../../demo/slack/workspace.ts';
import { transportContract } from '../../contracts/transport.ts';
import { ann, general, openSlackHouse, vic } from '../../fixtures/slack-house.ts';

transportContract('slack', async () => {
  const house = await openSlackHouse();
  return {
    ask: (text) => house.after(house.standIn.say(ann.id, general, `/kpi ${text}`, null)),
    reply: house.reply,
    asked: house.asked,
    seenBy: (who) =>
      house
        .seen(who === 'asker' ? ann.id : vic.id)
        .filter(({ author }) => author === bot.userId)
        .map(({ text }) => text),
    breakPictures: () => {
      house.standIn.faults.uploadFails = true;
    },
    async replay() {
      const { headers, body } = house.requests.at(-1)!;
      await (await fetch(house.eventsUrl, { method: 'POST', headers: onlySlacks(headers), body })).text();
    },
    async forge() {
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)),
        'x-slack-signature': `v0=${'0'.repeat(64)}`,
      };
      return (await fetch(house.eventsUrl, { method: 'POST', headers, body: 'command=%2Fkpi&text=churn' }))
        .status;
    },
    close: house.close,
  };
});

const onlySlacks = (headers: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('x-slack') || name === 'content-type'),
  );
