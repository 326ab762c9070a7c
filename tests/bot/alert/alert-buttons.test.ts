/** An alert as it leaves the house, and what people press under it, through the real transports and the real desk. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAudit } from '../../../bot/access/audit.ts';
import { createDirectory } from '../../../bot/access/directory.ts';
import { createHeed } from '../../../bot/alert/heed.ts';
import type { Desk } from '../../../bot/commands/command.ts';
import { createDesk } from '../../../bot/commands/desk.ts';
import { createGivenAnswers } from '../../../bot/commands/given-answers.ts';
import { createNoteReader } from '../../../bot/commands/notes.ts';
import { createTableReader } from '../../../bot/commands/tables.ts';
import type { Sender } from '../../../bot/delivery/sender.ts';
import { createSlackSender } from '../../../bot/delivery/senders/slack.ts';
import { createTeamsSender } from '../../../bot/delivery/senders/teams.ts';
import { bot, channels as slackChannels, people as slackPeople } from '../../../demo/slack/workspace.ts';
import { channels as teamsChannels, people as teamsPeople } from '../../../demo/teams/workspace.ts';
import { openSlackHouse, type SlackHouse } from '../../fixtures/slack-house.ts';
import { quiet } from '../../run-cycle.ts';
import { type Harness, startHarness } from '../transports/teams-harness.ts';
import { type AlertHouse, now, openAlertHouse, yesterday } from './alert-house.ts';

const slackPlace = slackChannels.find(({ name }) => name === 'support-alerts')!.id;
const teamsPlace = teamsChannels.find(({ name }) => name === 'general')!.id;
const slackPerson = (handle: string) => slackPeople.find((one) => one.handle === handle)!;
const teamsPerson = (handle: string) => teamsPeople.find((one) => one.handle === handle)!;
const directory = createDirectory({
  people: {
    [`slack:${slackPerson('ann').id}`]: { role: 'executive' },
    [`slack:${slackPerson('ana').id}`]: { role: 'analyst' },
    [`teams:${teamsPerson('ann').aadObjectId}`]: { role: 'executive' },
    [`teams:${teamsPerson('ana').aadObjectId}`]: { role: 'analyst' },
  },
  channels: {
    [`slack:${slackPlace}`]: { role: 'manager', areas: ['support'] },
    [`teams:${teamsPlace}`]: { role: 'manager', areas: ['support'] },
  },
  terminal: { role: 'executive' },
});

let house: AlertHouse;
let desk: Desk;
beforeAll(async () => {
  house = await openAlertHouse();
  house.plant(yesterday, 134, (i) => (i % 3 === 0 ? 'Edge' : 'Core'));
  await house.sync();
  const { db } = house;
  const { engine } = house.input;
  const answerer = house.input.answererAt(now);
  desk = createDesk({
    answerer,
    directory,
    audit: createAudit(db),
    notes: createNoteReader({ db, engine, answerer, now: () => now }),
    tables: createTableReader({ db, engine, answerer, now: () => now, linkOf: () => null }),
    tableExporters: {},
    heed: createHeed(
      db,
      () => 'Tickets created',
      () => now,
    ),
    draw: async () => house.input.paint.png({} as never, {} as never),
    exporters: {},
    given: createGivenAnswers(db),
    newId: randomUUID,
    log: quiet,
  });
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.db.sql`delete from outbox`;
  await house.db.sql`delete from incident`;
  await house.db.sql`delete from alert_feedback`;
});

/** Detected, written and sent. */
async function deliver(kind: 'slack' | 'teams', to: string, sender: Sender<never>): Promise<void> {
  await house.detect({
    directory,
    settings: { rules: [{ kpis: ['tickets_created'], targets: [{ kind, to }] }] },
  });
  const outbox = house.outbox({ [kind]: sender }, directory);
  expect(await outbox.deliverDue()).toBe(1);
  await outbox.stop();
}

const feedback = () =>
  house.db.sql<{ verdict: string; person: string }[]>`select verdict, person from alert_feedback`;
const incident = async () => {
  const [row] = await house.db.sql<
    { state: string; acknowledged_by: string | null }[]
  >`select state, acknowledged_by from incident where kpi = 'tickets_created' and segment = ''`;
  return row!;
};

type Button = { text: { text: string }; action_id: string; value: string };

describe('in Slack', () => {
  let slack: SlackHouse;
  beforeAll(async () => {
    slack = await openSlackHouse({ desk });
  });
  afterAll(() => slack.close());

  const ofHerald = (handle: string) =>
    slack.seen(slackPerson(handle).id, slackPlace).filter(({ author }) => author === bot.userId);

  async function pressed(handle: string, label: string): Promise<string> {
    const alert = ofHerald(handle).findLast((message) => JSON.stringify(message.blocks).includes(label))!;
    const blocks = alert.blocks as { elements?: Button[] }[];
    const button = blocks
      .flatMap(({ elements }) => elements ?? [])
      .find((element) => element.text?.text === label)!;
    const { action_id, value } = button;
    await slack.after(
      slack.standIn.press(slackPerson(handle).id, alert, { type: 'button', action_id, value }),
    );
    return JSON.stringify(ofHerald(handle).at(-1));
  }

  beforeEach(() => deliver('slack', slackPlace, createSlackSender(slack.transport, quiet) as Sender<never>));

  test('Acknowledge is written down with the name, and told', async () => {
    expect(await pressed('ann', 'Acknowledge')).toContain('Acknowledged by ann');
    expect(await incident()).toMatchObject({ acknowledged_by: `slack:${slackPerson('ann').id}` });
  });

  test('Snooze keeps the KPI quiet', async () => {
    expect(await pressed('ann', 'Snooze 7 days')).toContain('Snoozed until 2026-12-01');
    expect(await feedback()).toEqual([{ verdict: 'snooze', person: `slack:${slackPerson('ann').id}` }]);
  });

  test('Not an anomaly closes it', async () => {
    expect(await pressed('ann', 'Not an anomaly')).toContain('not an anomaly');
    expect(await feedback()).toMatchObject([{ verdict: 'not_anomaly' }]);
    expect((await incident()).state).toBe('closed');
  });

  test('the next look answers with the breakdown', async () => {
    expect(await pressed('ann', 'By product')).toContain('Tickets created');
  });

  test('who may not handle alerts is told so, and nothing is written', async () => {
    expect(await pressed('ana', 'Acknowledge')).toContain('may not handle alerts');
    expect((await incident()).acknowledged_by).toBeNull();
  });

  test('a press leaves its trace in the audit trail', async () => {
    await pressed('ann', 'Acknowledge');
    const [row] = await house.db.sql<
      { action: string; kpi: string; outcome: string }[]
    >`select action, kpi, outcome from audit order by id desc limit 1`;
    expect({ ...row }).toEqual({ action: 'alert', kpi: 'tickets_created', outcome: 'answered' });
  });
});

describe('in Teams', () => {
  let teams: Harness;
  beforeAll(async () => {
    teams = await startHarness({ desk });
    // The conversation is known once somebody has spoken in it.
    await teams.ask('ann', teamsPlace, '@Herald help');
  });
  afterAll(() => teams.close());

  type CardButton = { title: string; type: string; verb?: string; data: Record<string, unknown> };

  async function pressed(handle: string, label: string): Promise<string> {
    const alert = teams.standIn
      .transcript(teamsPlace)
      .findLast((message) => JSON.stringify(message.card ?? {}).includes(label))!;
    const { actions } = alert.card as unknown as { actions: CardButton[] };
    const { type, verb, data } = actions.find(({ title }) => title === label)!;
    const last = Number(teams.standIn.transcript(teamsPlace).at(-1)!.id);
    await teams.standIn.press(handle, teamsPlace, {
      activityId: alert.id,
      type,
      ...(verb ? { verb } : {}),
      data,
    } as never);
    return JSON.stringify(await teams.botSays(teamsPlace, ({ id }) => Number(id) > last));
  }

  beforeEach(() => deliver('teams', teamsPlace, createTeamsSender(teams.transport) as Sender<never>));

  test('Acknowledge is written down with the name, and told', async () => {
    expect(await pressed('ann', 'Acknowledge')).toContain('Acknowledged by Ann Executive');
    expect(await incident()).toMatchObject({ acknowledged_by: `teams:${teamsPerson('ann').aadObjectId}` });
  });

  test('Snooze keeps the KPI quiet', async () => {
    expect(await pressed('ann', 'Snooze 7 days')).toContain('Snoozed until 2026-12-01');
    expect(await feedback()).toMatchObject([{ verdict: 'snooze' }]);
  });

  test('Not an anomaly closes it', async () => {
    expect(await pressed('ann', 'Not an anomaly')).toContain('not an anomaly');
    expect((await incident()).state).toBe('closed');
  });

  test('who may not handle alerts is told so, and nothing is written', async () => {
    expect(await pressed('ana', 'Acknowledge')).toContain('may not handle alerts');
    expect((await incident()).acknowledged_by).toBeNull();
  });
});
