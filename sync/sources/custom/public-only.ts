/**
 * In-house HTTP sources are addresses out of a file, and a name may lead anywhere: to the cloud's metadata service, to
 * the database beside us. So a connection is made only to public addresses, checked *after* name resolution and pinned:
 * the address that was checked is the one connected to, whatever the name says a moment later (DNS rebinding).
 */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { ReadFault } from '../../source.ts';

/** Every address of a name. */
export type ResolveHost = (host: string) => Promise<{ address: string; family: number }[]>;

const everyAddress: ResolveHost = (host) => lookup(host, { all: true, verbatim: true });

/** IANA's special-purpose registries: nothing in them is a public service. */
const special4 = new BlockList();
/** Of its own: one list takes every IPv4 address for its IPv6-mapped form. */
const special6 = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special4.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  // Unspecified, loopback, and addresses that wrap an IPv4 one (mapped, NAT64, 6to4, Teredo).
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 32],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const)
  special6.addSubnet(net, bits, 'ipv6');

export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special4.check(address, 'ipv4');
  return family === 6 && !special6.check(address, 'ipv6');
}

/** Connections of one source. `allowPrivate` names the hosts that may lie in a private network. */
export function publicOnly(
  place: string,
  allowPrivate: readonly string[],
  resolve: ResolveHost = everyAddress,
): Dispatcher {
  const allowed = new Set(allowPrivate.map(bare));
  const refusal = (host: string, address: string) =>
    new ReadFault(
      'fatal',
      `${place}: ${host} is ${host === address ? 'an address' : `at ${address}`} in a private network, and Herald does not connect there. If it is your own service, say \`allowPrivate: [${host}]\` in the source's settings.`,
    );
  const checked: LookupFunction = (host, options, done) => {
    resolve(host).then(
      (found) => {
        const wrong = allowed.has(bare(host)) ? undefined : found.find(({ address }) => !isPublic(address));
        const [first] = found;
        if (wrong) done(refusal(host, wrong.address), '', 0);
        else if (!first)
          done(Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' }), '', 0);
        else if (options.all) (done as unknown as (error: null, all: typeof found) => void)(null, found);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };
  const connector = buildConnector({ lookup: checked });
  return new Agent({
    connect(options, done) {
      // A literal address is never looked up.
      const host = bare(options.hostname);
      if (isIP(host) !== 0 && !allowed.has(host) && !isPublic(host)) done(refusal(host, host), null);
      else connector(options, done);
    },
  });
}

/** As written in settings: without the brackets of an IPv6 literal, in lower case. */
function bare(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}
