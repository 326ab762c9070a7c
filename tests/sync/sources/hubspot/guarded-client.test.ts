import { expect, it } from 'vitest';
import type { GuardedFetch } from '../../../../sync/source.ts';
import { GuardedClient } from '../../../../sync/sources/hubspot/guarded-client.ts';

const noting =
  (seen: string[], who: string): GuardedFetch =>
  async (url, init) => {
    seen.push(`${who} ${init.bucket} ${init.headers?.Authorization} ${new URL(url).pathname}`);
    return { status: 200, headers: new Headers({ 'content-type': 'application/json' }), text: '{}' };
  };

it('sends through its own transport although another client was made after it', async () => {
  const seen: string[] = [];
  const first = new GuardedClient({ basePath: 'http://127.0.0.1', accessToken: 'a' }, noting(seen, 'first'));
  new GuardedClient({ basePath: 'http://127.0.0.1', accessToken: 'b' }, noting(seen, 'second'));
  await first.apiRequest({ path: '/crm/v3/objects/contacts/search', method: 'POST', body: {} });
  expect(seen).toEqual(['first search Bearer a /crm/v3/objects/contacts/search']);
});
