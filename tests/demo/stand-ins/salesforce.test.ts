import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../demo/company/store.ts';
import { createSalesforceStandIn } from '../../../demo/stand-ins/salesforce.ts';
import { serveLoopback } from '../../../demo/stand-ins/serve.ts';

const start = Date.parse('2026-11-22T10:00:00Z');
const root = '/services/data/v62.0';

type Page = { totalSize: number; done: boolean; nextRecordsUrl?: string; records: Record<string, unknown>[] };

describe('Salesforce stand-in', () => {
  let clock = start;
  let store = createStore();
  let served: Awaited<ReturnType<typeof serveLoopback>>;
  let token = '';

  beforeEach(async () => {
    clock = start;
    store = createStore();
    const limits = { dailyCalls: 50, sessionMs: 7_200_000, locatorMs: 900_000 };
    served = await serveLoopback(
      createSalesforceStandIn({
        store,
        now: () => clock,
        limits,
        visibilityLagMs: 3000,
        clientId: 'id',
        clientSecret: 'secret',
      }),
    );
    token = ((await (await login({})).json()) as { access_token: string }).access_token;
  });
  afterEach(() => served.close());

  const login = (form: Record<string, string>) =>
    fetch(`${served.url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'id',
        client_secret: 'secret',
        ...form,
      }),
    });
  const call = (path: string, init: RequestInit = {}) =>
    fetch(served.url + path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  const ask = (soql: string, path = 'query') => call(`${root}/${path}?q=${encodeURIComponent(soql)}`);
  const page = async (soql: string, path?: string) => (await (await ask(soql, path)).json()) as Page;
  const ids = async (soql: string, path?: string) =>
    (await page(soql, path)).records.map((record) => record.Id);
  const refusal = async (response: Response) => [
    response.status,
    ((await response.json()) as { errorCode: string }[])[0]?.errorCode,
  ];

  const put = (object: string, id: string, fields: Record<string, unknown> = {}, at = start - 60_000) =>
    store.put(object, id, { Id: id, ...fields }, at);
  const fill = (count: number) => {
    for (let n = 0; n < count; n++) put('Lead', `00Q${String(n).padStart(6, '0')}`, { LastName: `L${n}` });
  };

  it('refuses a wrong secret', async () => {
    const reply = await login({ client_secret: 'wrong' });
    expect([reply.status, await reply.json()]).toMatchObject([400, { error: 'invalid_client' }]);
  });

  it('ends a session after its time', async () => {
    clock += 7_200_001;
    expect(await refusal(await ask('SELECT Id FROM Lead'))).toEqual([401, 'INVALID_SESSION_ID']);
  });

  it('lists its versions without a session', async () => {
    expect(await (await fetch(`${served.url}/services/data`)).json()).toContainEqual(
      expect.objectContaining({ version: '62.0' }),
    );
  });

  it('describes an object with its relationships', async () => {
    const { fields } = (await (await call(`${root}/sobjects/Opportunity/describe`)).json()) as {
      fields: object[];
    };
    expect(fields).toContainEqual(
      expect.objectContaining({ name: 'OwnerId', relationshipName: 'Owner', referenceTo: ['User'] }),
    );
  });

  it('does not know an object that the org does not have', async () => {
    expect(await refusal(await call(`${root}/sobjects/Invoice__c/describe`))).toEqual([404, 'NOT_FOUND']);
  });

  it('pages by a locator, at most 2,000 rows at a time', async () => {
    fill(4500);
    const first = await page('SELECT Id FROM Lead ORDER BY Id');
    const second = (await (await call(first.nextRecordsUrl!)).json()) as Page;
    const third = (await (await call(second.nextRecordsUrl!)).json()) as Page;
    expect([first, second, third].map((p) => [p.records.length, p.done])).toEqual([
      [2000, false],
      [2000, false],
      [500, true],
    ]);
  });

  it('brings the page size into 200 to 2,000', async () => {
    fill(300);
    const reply = await call(`${root}/query?q=SELECT+Id+FROM+Lead`, {
      headers: { 'Sforce-Query-Options': 'batchSize=5' },
    });
    expect(((await reply.json()) as Page).records).toHaveLength(200);
  });

  it('forgets a locator that nobody used for a while', async () => {
    fill(2001);
    const { nextRecordsUrl } = await page('SELECT Id FROM Lead');
    clock += 900_001;
    expect(await refusal(await call(nextRecordsUrl!))).toEqual([400, 'INVALID_QUERY_LOCATOR']);
  });

  it('keeps ten locators open and drops the oldest', async () => {
    fill(2001);
    const { nextRecordsUrl } = await page('SELECT Id FROM Lead');
    for (let n = 0; n < 10; n++) await page('SELECT Id FROM Lead');
    expect(await refusal(await call(nextRecordsUrl!))).toEqual([400, 'INVALID_QUERY_LOCATOR']);
  });

  it('shows soft-deleted rows in queryAll only, and hard-deleted ones nowhere', async () => {
    for (const id of ['00Q1', '00Q2', '00Q3']) put('Lead', id);
    store.remove('Lead', '00Q2', start - 10_000, 'deleted');
    store.remove('Lead', '00Q3', start - 10_000, 'hard_deleted');
    expect(await ids('SELECT Id FROM Lead ORDER BY Id')).toEqual(['00Q1']);
    expect(await ids('SELECT Id FROM Lead ORDER BY Id', 'queryAll')).toEqual(['00Q1', '00Q2']);
  });

  it('names the survivor of a merge', async () => {
    put('Account', '0011');
    store.remove('Account', '0011', start - 10_000, 'merged', '0019');
    const { records } = await page('SELECT Id, IsDeleted, MasterRecordId FROM Account', 'queryAll');
    expect(records[0]).toMatchObject({ Id: '0011', IsDeleted: true, MasterRecordId: '0019' });
  });

  it('shows a row only some seconds after its stamp', async () => {
    put('Lead', '00Q1', {}, start);
    expect(await ids('SELECT Id FROM Lead')).toEqual([]);
    clock += 3000;
    expect(await ids('SELECT Id FROM Lead')).toEqual(['00Q1']);
  });

  it('keeps a row that just changed in a plain list of ids', async () => {
    put('Lead', '00Q1');
    put('Lead', '00Q1', { LastName: 'New' }, start);
    expect(await ids('SELECT Id FROM Lead ORDER BY Id')).toEqual(['00Q1']);
    expect(await ids('SELECT Id FROM Lead ORDER BY SystemModstamp')).toEqual([]);
  });

  it('follows the keyset of stamp and id', async () => {
    put('Lead', '00Q1', {}, start - 90_000);
    put('Lead', '00Q2', {}, start - 60_000);
    put('Lead', '00Q3', {}, start - 60_000);
    put('Lead', '00Q4', {}, start - 30_000);
    const keyset = `(SystemModstamp > 2026-11-22T09:59:00Z OR (SystemModstamp = 2026-11-22T09:59:00Z AND Id > '00Q2'))`;
    const soql = `SELECT Id FROM Lead WHERE ${keyset} AND SystemModstamp < 2026-11-22T10:00:00Z ORDER BY SystemModstamp, Id`;
    expect(await ids(soql)).toEqual(['00Q3', '00Q4']);
  });

  it('compares, orders and limits by other fields', async () => {
    put('Opportunity', '0061', { Amount: 5, IsWon: true, CloseDate: '2026-03-01', StageName: 'Won' });
    put('Opportunity', '0062', { Amount: null, IsWon: false, CloseDate: '2026-04-01', StageName: "O'Neil" });
    put('Opportunity', '0063', { Amount: 9, IsWon: true, CloseDate: '2026-05-01', StageName: 'Won' });
    expect(
      await ids('SELECT Id FROM Opportunity WHERE Amount > 4 AND IsWon = true ORDER BY Amount DESC'),
    ).toEqual(['0063', '0061']);
    expect(await ids('SELECT Id FROM Opportunity WHERE Amount = null')).toEqual(['0062']);
    expect(
      await ids(`SELECT Id FROM Opportunity WHERE StageName IN ('o\\'neil') OR (NOT CloseDate < 2026-05-01)`),
    ).toEqual(['0062', '0063']);
    expect(await ids('SELECT Id FROM Opportunity ORDER BY CloseDate DESC LIMIT 1')).toEqual(['0063']);
  });

  it('follows relationships, also two deep, and shows an empty one as null', async () => {
    put('User', '0051', { Name: 'Ada' });
    put('Opportunity', '0061', { OwnerId: '0051', CurrencyIsoCode: 'EUR' });
    put('OpportunityHistory', '0081', { OpportunityId: '0061' });
    put('OpportunityHistory', '0082', { OpportunityId: null });
    const { records } = await page(
      'SELECT Opportunity.Owner.Name, Opportunity.CurrencyIsoCode FROM OpportunityHistory ORDER BY Id',
    );
    expect(records[0]).toMatchObject({ Opportunity: { CurrencyIsoCode: 'EUR', Owner: { Name: 'Ada' } } });
    expect(records[1]!.Opportunity).toBeNull();
  });

  it.each([
    ['SELECT Nope FROM Lead', 'INVALID_FIELD'],
    ['SELECT Nope.Name FROM Lead', 'INVALID_FIELD'],
    ["SELECT Id FROM Lead WHERE SystemModstamp > '2026-11-22T09:59:00Z'", 'INVALID_FIELD'],
    ['SELECT Id FROM Nope', 'INVALID_TYPE'],
    ['SELECT Id Lead', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Lead WHERE Id = 1 AND Id = 2 OR Id = 3', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Lead WHERE (Id = null', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Lead; DROP', 'MALFORMED_QUERY'],
  ])('refuses %s', async (soql, errorCode) => {
    expect(await refusal(await ask(soql))).toEqual([400, errorCode]);
  });

  it('refuses a URI over 16 KB', async () => {
    expect((await ask(`SELECT ${'Id, '.repeat(6000)}Id FROM Lead`)).status).toBe(431);
  });

  it('tells its usage and refuses calls over the daily limit', async () => {
    const first = await ask('SELECT Id FROM Lead');
    expect(first.headers.get('sforce-limit-info')).toBe('api-usage=1/50');
    for (let n = 0; n < 49; n++) await ask('SELECT Id FROM Lead');
    expect(await refusal(await ask('SELECT Id FROM Lead'))).toEqual([403, 'REQUEST_LIMIT_EXCEEDED']);
    clock += 86_400_000;
    token = ((await (await login({})).json()) as { access_token: string }).access_token;
    expect((await ask('SELECT Id FROM Lead')).status).toBe(200);
  });

  const part = (url: string, referenceId: string) => ({ method: 'GET', url, referenceId });
  const composite = (compositeRequest: object[]) =>
    call(`${root}/composite`, { method: 'POST', body: JSON.stringify({ compositeRequest }) });

  it('answers each part of a composite with its own status, for one call', async () => {
    put('Lead', '00Q1');
    const reply = await composite([
      part(`${root}/query?q=SELECT+Id+FROM+Lead`, 'a'),
      part(`${root}/query?q=SELECT+X+FROM+Lead`, 'b'),
    ]);
    const { compositeResponse } = (await reply.json()) as {
      compositeResponse: { referenceId: string; httpStatusCode: number }[];
    };
    expect(compositeResponse.map((r) => [r.referenceId, r.httpStatusCode])).toEqual([
      ['a', 200],
      ['b', 400],
    ]);
    expect(reply.headers.get('sforce-limit-info')).toBe('api-usage=1/50');
  });

  it('refuses a composite with more than 5 queries or 25 parts', async () => {
    const parts = (path: string, n: number) =>
      Array.from({ length: n }, (_, i) => part(`${root}/${path}`, `a${i}`));
    expect((await composite(parts('query?q=SELECT+Id+FROM+Lead', 6))).status).toBe(400);
    expect((await composite(parts('sobjects/Lead/describe', 26))).status).toBe(400);
    expect((await composite(parts('sobjects/Lead/describe', 25))).status).toBe(200);
  });

  it('pages through 60,000 campaign members in a few seconds', async () => {
    put('Campaign', '7011', { Channel__c: 'Web' });
    for (let n = 0; n < 60_000; n++)
      put(
        'CampaignMember',
        `00v${String(n).padStart(9, '0')}`,
        { CampaignId: '7011' },
        start - n * 10 - 5000,
      );
    const began = performance.now();
    let seen = 0;
    let next = `${root}/queryAll?q=${encodeURIComponent('SELECT Id, Status, Campaign.Channel__c, SystemModstamp FROM CampaignMember ORDER BY SystemModstamp, Id')}`;
    while (next) {
      const { records, nextRecordsUrl } = (await (await call(next)).json()) as Page;
      seen += records.length;
      next = nextRecordsUrl ?? '';
    }
    expect(seen).toBe(60_000);
    expect(performance.now() - began).toBeLessThan(6000);
  });
});
