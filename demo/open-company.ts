/** The demo company for the composition root: its world, its stand-ins and its in-house systems. */
import type { Config } from '../config.ts';
import type { EmbeddedServer } from '../db/embedded/server.ts';
import { HeraldError } from '../platform/errors.ts';
import { type Demo, openDemo } from './demo.ts';

export async function openCompany(
  config: Config,
  server: EmbeddedServer | null,
  tools: { now: () => Date; terminal: { say(line: string): void } },
): Promise<Demo> {
  if (config.production)
    throw new HeraldError('setup', 'The demo does not run in production. Name your sources in herald.yaml.');
  const billingUrl = await billingDatabase(config, server);
  return openDemo({
    folder: config.folder,
    billingUrl,
    timeZone: config.company.timeZone,
    seed: config.demo.seed,
    scale: config.demo.scale,
    now: () => tools.now().getTime(),
    say: tools.terminal.say,
  });
}

/** The in-house billing system lives in a database of its own: on the embedded server, or beside the one at DATABASE_URL. */
async function billingDatabase(config: Config, server: EmbeddedServer | null): Promise<string> {
  if (server) {
    await server.ensureDatabase('demo_billing');
    return server.url('demo_billing');
  }
  const url = new URL(config.databaseUrl!);
  const { default: postgres } = await import('postgres');
  const admin = postgres(url.toString(), { max: 1, onnotice: () => undefined });
  const name = `${url.pathname.slice(1)}_demo_billing`;
  try {
    const [found] = await admin`select 1 from pg_database where datname = ${name}`;
    if (!found) await admin`create database ${admin(name)}`;
  } catch (cause) {
    throw new HeraldError(
      'setup',
      `The demo needs a database ${name} for its billing system and may not make one: ${(cause as Error).message}. Make it, or unset DATABASE_URL.`,
      { cause },
    );
  } finally {
    await admin.end({ timeout: 2 });
  }
  url.pathname = `/${name}`;
  return url.toString();
}
