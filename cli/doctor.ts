/** `herald doctor [--format text|json]`: what is wrong, and how to mend it. */
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { exitCodes, HeraldError } from '../platform/errors.ts';
import { scrub } from '../platform/log.ts';
import { installationKey } from '../platform/secrets.ts';
import { plainText } from '../render/plain-text.ts';
import { catalogueOf } from './catalogue-of.ts';
import { type CheckedDatabase, checkDatabase } from './doctor/check-database.ts';
import { checkDisk, checkFonts, checkNode } from './doctor/check-machine.ts';
import { type Finding, fault, ok } from './doctor/finding.ts';
import type { Tools, Verb } from './verb.ts';

export const doctor: Verb = async (tools) => {
  const { values } = parseArgs({
    args: [...tools.args],
    options: { format: { type: 'string', default: 'text' } },
  });
  if (values.format !== 'text' && values.format !== 'json')
    throw new HeraldError('ask', `--format takes text or json; not "${values.format}".`);
  const findings: Finding[] = [checkNode(process.versions.node)];
  const config = readConfig(tools, findings);
  if (config) findings.push(...(await examine(config, tools)));
  const shown = findings.map((finding) => clean(finding));
  const exit = exitOf(shown);
  if (values.format === 'json')
    tools.terminal.out(`${JSON.stringify({ mode: config?.mode ?? null, exit, findings: shown }, null, 2)}\n`);
  else tools.terminal.out(table(shown, config?.mode ?? null, tools.terminal.color));
  return exit;
};

function readConfig(tools: Tools, findings: Finding[]): Config | null {
  try {
    const config = tools.config();
    findings.push(
      ok(
        'Configuration',
        config.mode === 'demo' ? 'none: this is the demo' : `${Object.keys(config.sources).length} sources`,
      ),
    );
    return config;
  } catch (thrown) {
    if (!(thrown instanceof HeraldError)) throw thrown;
    findings.push(
      fault(
        'Configuration',
        'setup',
        thrown.message,
        'Mend herald.yaml; herald.example.yaml explains each setting.',
      ),
    );
    return null;
  }
}

async function examine(config: Config, tools: Tools): Promise<Finding[]> {
  const { now, terminal } = tools;
  const findings: Finding[] = [checkDisk(config.folder)];
  const database = await checkDatabase({
    databaseUrl: config.databaseUrl,
    folder: config.folder,
    now,
    say: terminal.say,
  });
  try {
    findings.push(...database.findings, await checkFonts(config.folder, tools.log()));
    const { checkMail, checkPublicUrl, checkRedis, checkSlack, checkTeams } = await import(
      './doctor/check-platforms.ts'
    );
    if (config.redisUrl) findings.push(await checkRedis(config.redisUrl));
    findings.push(...(await sourcesOf(config, tools, database)));
    if (database.db && database.migrated && config.mode !== 'demo') {
      const { checkFreshness } = await import('./doctor/check-freshness.ts');
      findings.push(...(await checkFreshness(database.db.sql, now())));
    }
    if (config.slack) findings.push(await checkSlack(config.slack));
    if (config.teams) findings.push(checkTeams(config.teams));
    const address = checkPublicUrl(config);
    if (address) findings.push(address);
    if (config.mail) findings.push(await checkMail(config.mail, tools.log()));
    return findings;
  } finally {
    await database.close();
  }
}

/** The real systems; in the demo its stand-ins, unless a running Herald is serving them. */
async function sourcesOf(
  config: Config,
  tools: Tools,
  { db, migrated, server }: CheckedDatabase,
): Promise<Finding[]> {
  const { checkSources } = await import('./doctor/check-sources.ts');
  const demo = config.mode === 'demo';
  if (demo && !db) return [];
  if (demo && migrated) {
    const { isServing } = await import('./start/presence.ts');
    if (await isServing(db!)) return [ok('Stand-ins', 'a running Herald serves them')];
  }
  const company = demo ? await tools.demo.openCompany(config, server, tools) : null;
  try {
    return await checkSources({
      sources: company?.sources ?? config.sources,
      companyCurrency: config.company.currency,
      canKeep: db !== null && migrated,
      workshop: {
        // Not touched without `canKeep`.
        db: db as NonNullable<typeof db>,
        now: tools.now,
        random: tools.random,
        holder: tools.processId,
        key: installationKey(config.secretKey, config.folder),
        timeZone: config.company.timeZone,
        kpis: catalogueOf(config).kpis,
        measures: catalogueOf(config).measures,
        log: tools.log(),
        signal: tools.signal,
      },
    });
  } finally {
    await company?.close();
  }
}

/** What other systems said is shown without what cannot be seen, and without what is secret. */
function clean(finding: Finding): Finding {
  const detail = finding.detail
    .split('\n')
    .map((line) => plainText(scrub(line)))
    .join('\n');
  return { ...finding, name: plainText(finding.name, 40), detail };
}

/** The operator's faults before those that may pass by themselves. */
export function exitOf(findings: readonly Finding[]): number {
  if (findings.some(({ state, kind }) => state === 'fault' && kind === 'setup')) return exitCodes.setup;
  return findings.some(({ state }) => state === 'fault') ? exitCodes.upstream : 0;
}

const marks = { ok: ['✓', 32], warning: ['⚠', 33], fault: ['✗', 31] } as const;

export function table(findings: readonly Finding[], mode: Config['mode'] | null, color: boolean): string {
  const paint = (text: string, code: number) => (color ? `\x1b[${code}m${text}\x1b[0m` : text);
  const width = Math.max(...findings.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 4);
  const rows = findings.map(({ name, state, detail, next }) => {
    const [mark, code] = marks[state];
    const first = `${paint(mark, code)} ${name.padEnd(width)}  ${detail.replaceAll('\n', `\n${indent}`)}\n`;
    return state === 'ok' || next === undefined ? first : `${first}${indent}→ ${next}\n`;
  });
  const faults = findings.filter(({ state }) => state === 'fault').length;
  const end =
    faults > 0
      ? `${faults === 1 ? 'One thing is' : `${faults} things are`} wrong.`
      : mode === 'demo'
        ? 'All is well. This is the demo: no real system is configured (see herald.example.yaml).'
        : 'All is well.';
  return `${rows.join('')}\n${end}\n`;
}
