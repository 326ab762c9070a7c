import { expect, test } from 'vitest';
import type { Reply } from '../../../bot/commands/command.ts';
import { serviceUrlAllowed } from '../../../bot/transports/teams/auth-settings.ts';
import { messageOf, type Present } from '../../../bot/transports/teams/message-of.ts';
import { fitText, maxMessageBytes, messageBytes } from '../../../bot/transports/teams/message-size.ts';
import { readText } from '../../../bot/transports/teams/read-text.ts';

const herald = { id: '28:bot', text: '<at>Herald</at>' };

test.each([
  ['<at>Herald</at>&nbsp;kpi churn last quarter', 'churn last quarter'],
  ['kpi churn <at>Herald</at> last quarter', 'churn last quarter'],
  ['/kpi churn', 'churn'],
  ['KPI', ''],
  ['<at>Herald</at> bookings of <at>Ann</at>', 'bookings of Ann'],
  ['R&amp;D spend &lt; plan', 'R&D spend < plan'],
  ['kpis I own', 'kpis I own'],
])('%s is read as “%s”', (typed, read) => {
  expect(readText(typed, [herald, { id: '29:ann', text: '<at>Ann</at>' }], '28:bot')).toBe(read);
});

test.each([
  ['https://smba.trafficmanager.net/emea/', true],
  ['https://smba.infra.gov.teams.microsoft.us/gov/', true],
  ['http://smba.trafficmanager.net/', false],
  ['https://smba.trafficmanager.net.evil.example/', false],
  ['https://smba.trafficmanager.net@evil.example/', false],
  ['https://evil.example/smba.trafficmanager.net', false],
])('serviceUrl %s is allowed: %s', (url, allowed) => {
  expect(serviceUrlAllowed(url, null)).toBe(allowed);
});

test('pictures inside a card do not count towards its size', () => {
  const card = { url: `data:image/png;base64,${'A'.repeat(200_000)}` };
  expect(messageBytes(card)).toBeLessThan(100);
});

test('a shortened text is within the limit', () => {
  expect(messageBytes({ text: fitText('é'.repeat(100_000)) })).toBeLessThan(maxMessageBytes);
});

const document: Reply = {
  kind: 'document',
  document: { name: 'churn.xlsx', mime: 'application/vnd.ms-excel', bytes: new Uint8Array(3) },
  text: 'Churn, Q3 2026, as a workbook.',
  visibility: 'asker',
};
const never: Present = () => {
  throw new Error('a document is not drawn');
};

test('a document is handed over as a link, since bots cannot attach files in channels', async () => {
  const { message } = await messageOf(
    document,
    never,
    async ({ name }) => `https://kpi.example.com/f/${name}`,
  );
  expect(message).toMatchObject({
    card: { actions: [{ type: 'Action.OpenUrl', url: 'https://kpi.example.com/f/churn.xlsx' }] },
  });
});

test('without a public address the asker is told who can mend it', async () => {
  const { textOnly } = await messageOf(document, never, null);
  expect(textOnly).toEqual({ text: expect.stringContaining('PUBLIC_URL') });
});
