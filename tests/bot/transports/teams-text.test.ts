import { expect, test } from 'vitest';
import { serviceUrlAllowed } from '../../../bot/transports/teams/auth-settings.ts';
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
