/** What a newcomer sees after `npm start`: one answered question with its picture, then where to go. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { rightsOf } from '../../bot/access/roles.ts';
import type { House } from '../house.ts';
import type { Tools } from '../verb.ts';
import type { OpenBot } from './bot.ts';
import { silence } from './progress.ts';
import type { SyncLoops } from './sync-loops.ts';

const QUESTION = 'churn last quarter';

export async function greet(input: {
  house: House;
  tools: Tools;
  loops: SyncLoops | null;
  bot: OpenBot | null;
  origin: string;
}): Promise<void> {
  const { house, tools, loops, bot, origin } = input;
  const { terminal } = tools;
  terminal.say(`The demo's page: ${origin}\n`);
  if (!bot) return;
  await loops?.firstOf('billing');
  const { answerer, painter } = bot.front;
  const answer = await answerer.answer(answerer.parse(QUESTION), rightsOf({ role: 'executive' }));
  const picture = path.join(house.config.folder, 'churn.png');
  writeFileSync(picture, (await painter.png(answer)).png);
  const { terminalAnswer } = await import('../../render/messages/terminal.ts');
  terminal.say(`> ${QUESTION}\n`);
  terminal.say(terminalAnswer(answer, { color: terminal.color, picturePath: picture }));
  terminal.say(
    `\nAsk in the page ${origin} or here: npm run -s herald -- ask "win rate by region this year vs last"`,
  );
  if (!loops) return;
  terminal.say('The other systems are still being read; what is missing is said in each answer.\n');
  void loops.firstRound.then(async () => {
    silence(terminal);
    for (const state of loops.states())
      terminal.say(
        `${state.state === 'failed' ? '✗' : '✓'} ${state.title}: ${state.read.toLocaleString('en')} records${state.message ? ` (${state.message})` : ''}`,
      );
    await bot.afterFirstRound();
    terminal.say('Everything is read. Herald keeps following the company. Ctrl-C stops it.');
  });
}
