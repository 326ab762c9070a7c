/** The page about streams says of each what its connector does. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Source } from '../../sync/source.ts';
import { openSource } from '../../sync/sources/registry.ts';

const page = readFileSync(new URL('../../docs/connecting/what-is-read.md', import.meta.url), 'utf8');
const app = { clientId: 'id', clientSecret: 'secret-of-app' };
const baseUrl = 'http://127.0.0.1:1';
const everything: Record<string, Record<string, unknown>> = {
  salesforce: { baseUrl, ...app, leads: true },
  hubspot: { baseUrl, accessToken: 'token-of-app', deals: true },
  zendesk: { baseUrl, ...app },
  intercom: { baseUrl, token: 'token-of-app', tickets: true },
};

/** "stream | table | lanes | hinted", in the order of the page. */
const linesOf = (title: string) => {
  const section = page.split('\n## ').find((part) => part.startsWith(`${title}\n`)) ?? '';
  return section.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim().replaceAll('`', ''));
    const isStream = /^\| `/.test(line);
    return isStream ? [cells.slice(1, 5).join(' | ')] : [];
  });
};

const linesBy = ({ streams, hinted }: Source) =>
  streams.map(({ name, table, lanes }) =>
    [name, table, lanes.join(' '), hinted?.streams.includes(name) ? 'yes' : 'no'].join(' | '),
  );

test.each(Object.keys(everything))('what is read of %s is as the page says', async (name) => {
  const source = await openSource({ name, settings: everything[name], companyCurrency: 'EUR' });
  expect(linesOf(source.title)).toEqual(linesBy(source));
});
