import type { RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../demo/company/store.ts';
import {
  createSalesforceStandIn,
  type SalesforceStandInOptions,
} from '../../../demo/stand-ins/salesforce.ts';
import { serveLoopback } from '../../../demo/stand-ins/serve.ts';
import { type CallInfo, createGuardedFetch } from '../../../platform/http.ts';
import { type Cursor, type ReadContext, ReadFault } from '../../../sync/source.ts';
import { createSalesforceSource } from '../../../sync/sources/salesforce/create-salesforce-source.ts';
import { describeSource, readLane, type SourceHarness } from '../../contracts/source.ts';

const anchor = Date.parse('2026-11-22T10:00:00Z');

type World = Awaited<ReturnType<typeof makeWorld>>;

/** A small org behind a real HTTP server, the real SDK in front of it, and one clock for both. */
async function makeWorld(
  options: Partial<SalesforceStandInOptions> & { wrap?: (inner: RequestListener) => RequestListener } = {},
) {
  const store = createStore();
  const clock = { now: anchor };
  const standIn = createSalesforceStandIn({
    store,
    now: () => clock.now,
    limits: { dailyCalls: 100_000 },
    visibilityLagMs: 3000,
    clientId: 'id',
    clientSecret: 'secret',
    ...options,
  });
  const served = await serveLoopback(options.wrap?.(standIn) ?? standIn);
  const source = createSalesforceSource({
    baseUrl: served.url,
    clientId: 'id',
    clientSecret: 'secret',
    companyCurrency: 'EUR',
  });
  const calls: CallInfo[] = [];
  const secrets = new Map<string, string>();
  const job = new AbortController();
  const now = () => new Date(clock.now);
  const context: ReadContext = {
    now,
    signal: job.signal,
    fetch: createGuardedFetch({
      name: source.title,
      pace: source.pace,
      now,
      wait: async (ms, signal) => {
        signal.throwIfAborted();
        clock.now += ms;
      },
      random: () => 0,
      signal: job.signal,
      onCall: (call) => calls.push(call),
    }),
    log: { info: () => {}, warn: () => {} },
    secrets: {
      load: async (name) => secrets.get(name) ?? null,
      save: async (name, value) => void secrets.set(name, value),
    },
  };
  const put = (object: string, id: string, fields: Record<string, unknown> = {}, at = anchor - 3_600_000) =>
    store.put(object, id, { Id: id, ...fields }, at);
  return { store, clock, served, source, context, calls, secrets, put, close: served.close };
}

const bulk = (world: World, count: number, at = anchor - 3_600_000) => {
  for (let n = 0; n < count; n++)
    world.put('Lead', `00Q${String(n).padStart(6, '0')}`, { LastName: `L${n}`, Status: 'Open' }, at);
};
const idsOf = (records: { id: string }[]) => records.map((record) => record.id);

async function faultOf(promise: Promise<unknown>): Promise<ReadFault> {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(ReadFault);
  return thrown as ReadFault;
}

describe('Salesforce source', () => {
  let world: World;
  beforeEach(async () => {
    world = await makeWorld();
  });
  afterEach(() => world.close());

  const again = async (options: Parameters<typeof makeWorld>[0]) => {
    await world.close();
    world = await makeWorld(options);
  };
  const unify = (stream: string, record: { op: string; payload?: string }) =>
    world.source.streams.find(({ name }) => name === stream)!.unify(JSON.parse(record.payload!));

  it('reads more than two pages that were stamped with one second', async () => {
    bulk(world, 4500);
    const { batches, records, cursor } = await readLane(world, 'Lead', 'backfill');
    expect([batches.length, new Set(idsOf(records)).size]).toEqual([3, 4500]);
    expect(cursor).toEqual({ at: '2026-11-22T09:54:57.000Z', id: null, until: null });
  });

  it('goes on after the last stored page when it was killed', async () => {
    bulk(world, 4500);
    const seen: string[] = [];
    let kept: Cursor = null;
    for await (const batch of world.source.read('Lead', 'backfill', null, world.context)) {
      seen.push(...idsOf(batch.records));
      kept = batch.cursor;
      break;
    }
    seen.push(...idsOf((await readLane(world, 'Lead', 'backfill', kept)).records));
    expect([seen.length, new Set(seen).size]).toEqual([4500, 4500]);
  });

  it('goes on by key when its locator has expired', async () => {
    bulk(world, 4500);
    const seen: string[] = [];
    for await (const batch of world.source.read('Lead', 'backfill', null, world.context)) {
      seen.push(...idsOf(batch.records));
      world.clock.now += 16 * 60_000;
    }
    expect([seen.length, new Set(seen).size]).toEqual([4500, 4500]);
  });

  it('catches a row that became readable after younger ones were read', async () => {
    world.put('Lead', '00Q1', {}, anchor);
    world.clock.now = anchor + 4000;
    const { cursor } = await readLane(world, 'Lead', 'backfill');
    world.put('Lead', '00Q2', {}, anchor - 20_000);
    world.clock.now += 10_000;
    expect(idsOf((await readLane(world, 'Lead', 'realtime', cursor)).records)).toEqual(['00Q2', '00Q1']);
  });

  it('does not read a quiet stream again and again', async () => {
    bulk(world, 10);
    let { cursor } = await readLane(world, 'Lead', 'backfill');
    ({ cursor } = await readLane(world, 'Lead', 'realtime', cursor));
    world.clock.now += 600_000;
    expect((await readLane(world, 'Lead', 'realtime', cursor)).records).toEqual([]);
  });

  it('reads ten minutes back in the settle lane', async () => {
    world.put('Lead', '00Q1', {}, anchor);
    world.clock.now = anchor + 5000;
    const { cursor } = await readLane(world, 'Lead', 'backfill');
    world.put('Lead', '00Q2', {}, anchor - 500_000);
    expect(idsOf((await readLane(world, 'Lead', 'realtime', cursor)).records)).not.toContain('00Q2');
    expect(idsOf((await readLane(world, 'Lead', 'settle', cursor)).records)).toContain('00Q2');
  });

  it('is covered up to what the platform shows for sure', async () => {
    world.put('Lead', '00Q1');
    const { batches } = await readLane(world, 'Lead', 'backfill');
    expect(batches.at(-1)?.coveredUntil).toBe('2026-11-22T09:59:57.000Z');
  });

  it('claims less when the platform’s clock is behind', async () => {
    await again({ now: () => anchor - 120_000 });
    world.put('Lead', '00Q1');
    const { batches } = await readLane(world, 'Lead', 'backfill');
    expect(batches.at(-1)?.coveredUntil).toBe('2026-11-22T09:57:58.000Z');
  });

  it('tells deleted records from merged ones', async () => {
    world.put('Account', '0011', { Name: 'A' });
    world.put('Account', '0012', { Name: 'B' });
    const { cursor } = await readLane(world, 'Account', 'backfill');
    world.store.remove('Account', '0011', anchor + 1000, 'deleted');
    world.store.remove('Account', '0012', anchor + 2000, 'merged', '0013');
    world.clock.now += 10_000;
    const { records } = await readLane(world, 'Account', 'realtime', cursor);
    expect(records).toEqual([
      { op: 'delete', id: '0011', version: anchor + 1000, reason: 'deleted' },
      { op: 'delete', id: '0012', version: anchor + 2000, reason: 'merged', mergedInto: '0013' },
    ]);
  });

  it('lists what is there in a sweep, page by page', async () => {
    bulk(world, 2500);
    world.store.remove('Lead', '00Q000007', anchor - 10_000, 'hard_deleted');
    world.store.remove('Lead', '00Q000008', anchor - 10_000, 'deleted');
    // The first one of a day brings the records, too; it is not what is looked at here.
    await readLane(world, 'Lead', 'sweep');
    const { batches } = await readLane(world, 'Lead', 'sweep');
    const pages = batches.map((batch) => batch.cursor as { ids: string[]; done: boolean });
    expect(pages.map((page) => [page.ids.length, page.done])).toEqual([
      [2000, false],
      [498, true],
    ]);
    expect(pages[0]!.ids).not.toContain('00Q000007');
  });

  it('brings whole records with a sweep once a day, in as many calls as their ids take', async () => {
    bulk(world, 2500);
    const sweep = async () => {
      const from = world.calls.length;
      const { records } = await readLane(world, 'Lead', 'sweep');
      return [records.length, world.calls.slice(from).filter(({ path }) => /query/.test(path)).length];
    };
    expect(await sweep()).toEqual([2500, 2]);
    expect(await sweep()).toEqual([0, 2]);
    world.clock.now += 24 * 3_600_000;
    expect(await sweep()).toEqual([2500, 2]);
  });

  it('opens a new session once when the old one has ended', async () => {
    world.put('Lead', '00Q1');
    const { cursor } = await readLane(world, 'Lead', 'backfill');
    world.clock.now += 3 * 3_600_000;
    world.calls.length = 0;
    await readLane(world, 'Lead', 'realtime', cursor);
    expect(world.calls.filter((call) => call.path.endsWith('/token'))).toHaveLength(1);
  });

  it('ends with a clear fault when every session is refused', async () => {
    await again({ limits: { dailyCalls: 100, sessionMs: 0 } });
    const fault = await faultOf(readLane(world, 'Lead', 'backfill'));
    expect([fault.kind, world.calls.length]).toEqual(['auth_revoked', 4]);
    expect(fault.message).toContain('refuses the session that it has just opened');
  });

  it('says what to check when the client secret is wrong', async () => {
    await again({ clientSecret: 'another' });
    const fault = await faultOf(world.source.check(world.context));
    expect([fault.kind, fault.message.includes('invalid_client')]).toEqual(['auth_revoked', true]);
  });

  it('keeps a rotated refresh token before the new session is used', async () => {
    await again({ refreshToken: 'first' });
    world.secrets.set('salesforce.refresh_token', 'first');
    world.put('Lead', '00Q1');
    const { cursor } = await readLane(world, 'Lead', 'backfill');
    const second = world.secrets.get('salesforce.refresh_token');
    world.clock.now += 3 * 3_600_000;
    await readLane(world, 'Lead', 'realtime', cursor);
    expect(new Set(['first', second, world.secrets.get('salesforce.refresh_token')]).size).toBe(3);
  });

  it('takes the daily limit for a used-up quota and does not retry', async () => {
    await again({ limits: { dailyCalls: 0 } });
    const fault = await faultOf(readLane(world, 'Lead', 'backfill'));
    expect([fault.kind, world.calls.filter((call) => !call.path.endsWith('/token')).length]).toEqual([
      'quota_exhausted',
      1,
    ]);
  });

  it('leaves the last tenth of the daily calls to others', async () => {
    await again({ limits: { dailyCalls: 10 } });
    for (let n = 0; n < 8; n++) await readLane(world, 'Lead', 'backfill');
    const fault = await faultOf(readLane(world, 'Lead', 'backfill'));
    expect([fault.kind, fault.retryAfterMs]).toEqual(['quota_exhausted', 900_000]);
  });

  it('waits and goes on when it is told to slow down', async () => {
    let refusals = 2;
    await again({
      wrap: (inner) => (request, response) => {
        if (!request.url?.includes('queryAll') || refusals-- <= 0) return inner(request, response);
        response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '5' }).end('[]');
      },
    });
    world.put('Lead', '00Q1');
    expect(idsOf((await readLane(world, 'Lead', 'backfill')).records)).toEqual(['00Q1']);
    expect(world.clock.now).toBe(anchor + 10_000);
  });

  it('does not take an HTML page with status 200 for data', async () => {
    await again({
      wrap: (inner) => (request, response) => {
        if (!request.url?.includes('queryAll')) return inner(request, response);
        response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>');
      },
    });
    expect((await faultOf(readLane(world, 'Lead', 'backfill'))).kind).toBe('protocol');
  });

  it('survives a connection that breaks in mid-body', async () => {
    let breaks = 1;
    await again({
      wrap: (inner) => (request, response) => {
        if (!request.url?.includes('queryAll') || breaks-- <= 0) return inner(request, response);
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
        response.write('{"records":[', () => response.destroy());
      },
    });
    world.put('Lead', '00Q1');
    expect(idsOf((await readLane(world, 'Lead', 'backfill')).records)).toEqual(['00Q1']);
  });

  const describing = (object: string, change: (fields: { name: string }[]) => object[]) => ({
    wrap:
      (inner: RequestListener): RequestListener =>
      (request, response) => {
        if (request.url?.endsWith(`/${object}/describe`)) {
          const end = response.end.bind(response);
          response.end = ((text: string) =>
            end(
              JSON.stringify({ fields: change((JSON.parse(text) as { fields: { name: string }[] }).fields) }),
            )) as typeof response.end;
        }
        return inner(request, response);
      },
  });

  it('names a needed field that is hidden from its user', async () => {
    await again(describing('Opportunity', (fields) => fields.filter(({ name }) => name !== 'Amount')));
    const fault = await faultOf(readLane(world, 'Opportunity', 'backfill'));
    expect([fault.kind, fault.message.includes('Opportunity.Amount')]).toEqual(['permission_denied', true]);
  });

  it('goes on without a useful field that is hidden, and says so until it is shown', async () => {
    let isHidden = true;
    await again(
      describing('Opportunity', (fields) => fields.filter(({ name }) => name !== 'LeadSource' || !isHidden)),
    );
    world.put('Opportunity', '0061', { LeadSource: 'Web', IsClosed: false, IsWon: false });
    const before = await readLane(world, 'Opportunity', 'backfill');
    isHidden = false;
    world.clock.now += 3_700_000;
    const after = await readLane(world, 'Opportunity', 'settle', before.cursor);
    const said = ({ batches }: typeof before) =>
      batches[0]!.lacks?.find(({ subject }) => subject === 'Opportunity.LeadSource')?.sentence;
    expect([before.records.length, said(before), said(after)]).toEqual([
      1,
      expect.stringContaining('Give the user read access'),
      null,
    ]);
  });

  it('does not call a field hidden that an org need not have', async () => {
    await again(describing('Account', (fields) => fields.filter(({ name }) => name !== 'Region__c')));
    const { batches } = await readLane(world, 'Account', 'backfill');
    expect(batches[0]!.lacks?.filter(({ sentence }) => sentence !== null)).toEqual([]);
  });

  it('uses the company’s currency where the org has only one', async () => {
    await again(
      describing('Opportunity', (fields) => fields.filter(({ name }) => name !== 'CurrencyIsoCode')),
    );
    world.put('Opportunity', '0061', { Amount: 10, IsClosed: false, IsWon: false, CurrencyIsoCode: 'USD' });
    const { records } = await readLane(world, 'Opportunity', 'backfill');
    expect(unify('Opportunity', records[0]!)).toMatchObject({ amount: 1000, currency: 'EUR' });
  });

  it('does without an object that the org lacks, and deletes nothing for it', async () => {
    await again({
      wrap: (inner) => (request, response) => {
        if (!request.url?.includes('Forecast_Snapshot__c')) return inner(request, response);
        response
          .writeHead(404, { 'content-type': 'application/json' })
          .end('[{"errorCode":"NOT_FOUND","message":"no"}]');
      },
    });
    expect(await readLane(world, 'Forecast_Snapshot__c', 'backfill')).toMatchObject({
      records: [],
      cursor: null,
    });
    expect((await readLane(world, 'Forecast_Snapshot__c', 'sweep')).batches).toEqual([]);
    expect((await world.source.check(world.context)).detail).toContain('without Forecast_Snapshot__c');
  });

  it('refuses a version of the API that is not offered', async () => {
    const source = createSalesforceSource({
      baseUrl: world.served.url,
      clientId: 'id',
      clientSecret: 'secret',
      companyCurrency: 'EUR',
      apiVersion: '99.0',
    });
    expect((await faultOf(source.check(world.context))).message).toContain('99.0');
  });

  it('maps a deal with its owner’s name and its amount in minor units', async () => {
    world.put('User', '0051', { Name: 'Ada' });
    world.put('Opportunity', '0061', {
      Name: 'Big',
      AccountId: '0011',
      OwnerId: '0051',
      Amount: 1234.56,
      CurrencyIsoCode: 'USD',
      StageName: 'Proposal',
      Probability: 40,
      ForecastCategoryName: 'Pipeline',
      IsClosed: false,
      IsWon: false,
      CloseDate: '2026-12-31',
      LeadSource: 'Web',
      CampaignId: '7011',
      Type: 'New',
      Product__c: 'Core',
      LastActivityDate: '2026-11-20',
      CreatedDate: '2026-10-31T23:30:00.000+0000',
    });
    const { records } = await readLane(world, 'Opportunity', 'backfill');
    expect(unify('Opportunity', records[0]!)).toEqual({
      name: 'Big',
      account_id: '0011',
      owner: 'Ada',
      amount: 123456,
      currency: 'USD',
      stage: 'Proposal',
      probability: 40,
      forecast_category: 'Pipeline',
      is_closed: false,
      is_won: false,
      created_on: '2026-10-31',
      closed_on: '2026-12-31',
      kind: 'New',
      source: 'Web',
      product: 'Core',
      campaign_id: '7011',
      last_activity_on: '2026-11-20',
    });
  });

  it('keeps an amount that is not there apart from 0', async () => {
    world.put('Opportunity', '0061', { Amount: null, IsClosed: false, IsWon: false });
    const { records } = await readLane(world, 'Opportunity', 'backfill');
    expect(unify('Opportunity', records[0]!)).toMatchObject({ amount: null });
  });

  it('takes a touch’s source from its campaign and its person from the contact', async () => {
    world.put('Campaign', '7011', { Name: 'C', Channel__c: 'Paid search' });
    world.put('CampaignMember', '00v1', {
      CampaignId: '7011',
      LeadId: '00Q1',
      ContactId: '0031',
      HasResponded: true,
      FirstRespondedDate: '2026-11-01',
    });
    const { records } = await readLane(world, 'CampaignMember', 'backfill');
    expect(unify('CampaignMember', records[0]!)).toMatchObject({
      person_id: '0031',
      campaign_id: '7011',
      source: 'Paid search',
      responded: true,
      touched_at: '2026-11-01T10:30:00.000Z',
    });
  });

  it('makes of a website the domain that other systems know', async () => {
    world.put('Account', '0011', { Name: 'Acme', Website: 'https://www.Acme.com:443/eu' });
    const { records } = await readLane(world, 'Account', 'backfill');
    expect(unify('Account', records[0]!)).toMatchObject({
      domain: 'acme.com',
      external_ids: { salesforce: '0011' },
    });
  });

  it('gives a quota its whole quarter', async () => {
    world.put('ForecastingQuota', '0J91', {
      StartDate: '2026-10-01',
      QuotaAmount: 100000,
      CurrencyIsoCode: 'EUR',
    });
    const { records } = await readLane(world, 'ForecastingQuota', 'backfill');
    expect(unify('ForecastingQuota', records[0]!)).toMatchObject({
      starts_on: '2026-10-01',
      ends_on: '2026-12-31',
      amount: 10_000_000,
    });
  });
});

describeSource('Salesforce', async (): Promise<SourceHarness> => {
  const world = await makeWorld();
  const date = '2026-10-01';
  const examples: Record<string, Record<string, unknown>> = {
    User: { Name: 'Ada', Email: 'Ada@acme.com', IsActive: true, Team__c: 'Enterprise', Region__c: 'EMEA' },
    Account: {
      Name: 'Acme',
      Website: 'acme.com',
      OwnerId: 'User1',
      Region__c: 'EMEA',
      Segment__c: 'Mid',
      Type: 'Customer',
      AccountSource: 'Web',
    },
    Contact: {
      AccountId: 'Account1',
      FirstName: 'Bo',
      LastName: 'Li',
      Email: 'bo@acme.com',
      OwnerId: 'User1',
    },
    Lead: { FirstName: 'Cy', LastName: 'Ng', Email: 'cy@acme.com', Status: 'Open', OwnerId: 'User1' },
    Campaign: {
      Name: 'Spring',
      Type: 'Webinar',
      Channel__c: 'Web',
      StartDate: date,
      EndDate: date,
      BudgetedCost: 10.5,
      ActualCost: null,
    },
    CampaignMember: { CampaignId: 'Campaign1', ContactId: 'Contact1', Status: 'Sent', HasResponded: false },
    Opportunity: {
      AccountId: 'Account1',
      OwnerId: 'User1',
      Amount: 9.99,
      IsClosed: true,
      IsWon: true,
      CloseDate: date,
      Probability: 33.3,
    },
    OpportunityHistory: {
      OpportunityId: 'Opportunity1',
      StageName: 'Won',
      Amount: 9.99,
      CloseDate: date,
      Probability: 100,
    },
    Task: {
      WhoId: 'Contact1',
      WhatId: '0061',
      OwnerId: 'User1',
      Status: 'Completed',
      TaskSubtype: 'Call',
      ActivityDate: date,
    },
    ForecastingQuota: { QuotaOwnerId: 'User1', StartDate: date, QuotaAmount: 1000, CurrencyIsoCode: 'EUR' },
    Forecast_Snapshot__c: {
      OwnerId: 'User1',
      Period_Start__c: date,
      As_Of__c: date,
      Amount__c: 5000,
      CurrencyIsoCode: 'EUR',
    },
  };
  for (const [object, fields] of Object.entries(examples)) {
    for (const n of [1, 2, 3]) world.put(object, `${object}${n}`, fields);
    if (object !== 'User') {
      world.put(object, `${object}4`, fields);
      world.store.remove(object, `${object}4`, anchor - 60_000, 'deleted');
    }
  }
  return {
    ...world,
    liveIds: (stream) => [1, 2, 3].map((n) => `${stream}${n}`),
    change(stream) {
      world.put(stream, `${stream}2`, examples[stream]!, world.clock.now);
      world.clock.now += 5000;
      return `${stream}2`;
    },
    remove(stream) {
      if (stream === 'User') return null;
      world.store.remove(
        stream,
        `${stream}3`,
        world.clock.now,
        stream === 'CampaignMember' ? 'hard_deleted' : 'deleted',
      );
      world.clock.now += 5000;
      return `${stream}3`;
    },
    malformed: (stream) => [stream],
  };
});
