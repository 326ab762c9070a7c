import { afterEach, expect, test } from 'vitest';
import { serveLoopback } from '../../../../demo/stand-ins/serve.ts';
import { createCustomSource } from '../../../../sync/sources/custom/create-custom-source.ts';
import { isPublic, type ResolveHost } from '../../../../sync/sources/custom/public-only.ts';
import { readAll, readContext } from '../read-context.ts';

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

const asked: string[] = [];
const serve = async () => {
  asked.length = 0;
  const served = await serveLoopback((request, response) => {
    asked.push(request.headers.host ?? '');
    response.setHeader('content-type', 'application/json');
    response.end('[{"id":"c"}]');
  });
  close = served.close;
  return new URL(served.url).port;
};

/** No name in these tests reaches a real resolver, and no connection leaves this machine. */
function read(baseUrl: string, resolve: ResolveHost, allowPrivate: string[] = []) {
  const source = createCustomSource(
    'erp',
    {
      kind: 'http',
      baseUrl,
      allowPrivate,
      perSecond: 1_000,
      streams: { rows: { path: '/rows', key: 'id', entity: 'account', map: {} } },
    },
    { resolve },
  );
  return readAll(source, 'rows', 'backfill', null, readContext(source));
}
const never: ResolveHost = async () => {
  throw new Error('an address is not looked up');
};
const at =
  (...addresses: string[]): ResolveHost =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  '2002:7f00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'ff02::1',
  'no address',
])('%s is not public', (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111'])('%s is public', (address) => {
  expect(isPublic(address)).toBe(true);
});

test.each(['127.0.0.1', '[::1]', '169.254.169.254', '2130706433', '0x7f.1'])(
  'a literal address %s is refused without a connection',
  async (host) => {
    const port = await serve();
    await expect(read(`http://${host}:${port}`, never)).rejects.toThrow(
      /an address in a private network, and Herald does not connect there/,
    );
    expect(asked).toEqual([]);
  },
);

test('a name that leads into a private network is refused, and the fault says how to allow it', async () => {
  const port = await serve();
  await expect(read(`http://erp.example:${port}`, at('127.0.0.1'))).rejects.toMatchObject({
    kind: 'fatal',
    message: expect.stringContaining('erp.example is at 127.0.0.1 in a private network'),
  });
  await expect(read(`http://erp.example:${port}`, at('127.0.0.1'))).rejects.toThrow(
    'allowPrivate: [erp.example]',
  );
  expect(asked).toEqual([]);
});

test('one private address among public ones is enough to refuse a name', async () => {
  const port = await serve();
  await expect(read(`http://erp.example:${port}`, at('203.1.113.9', '127.0.0.1'))).rejects.toThrow(
    /private network/,
  );
});

test('a service of one’s own is read when it is named', async () => {
  const port = await serve();
  const { records } = await read(`http://erp.example:${port}`, at('127.0.0.1'), ['ERP.example']);
  expect([records.length, asked]).toEqual([1, [`erp.example:${port}`]]);
});

test('the address that was checked is the one connected to: a name is resolved once per connection', async () => {
  const port = await serve();
  let lookups = 0;
  const rebinding: ResolveHost = async () => {
    lookups++;
    return [{ address: '127.0.0.1', family: 4 }];
  };
  await read(`http://erp.example:${port}`, rebinding, ['erp.example']);
  expect([lookups, asked.length]).toEqual([1, 1]);
});

test('a redirect is not followed, wherever it leads', async () => {
  const served = await serveLoopback((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
  });
  close = served.close;
  asked.length = 0;
  await expect(read(served.url, never, ['127.0.0.1'])).rejects.toMatchObject({ kind: 'protocol' });
  expect(asked).toEqual(['/rows']);
});
