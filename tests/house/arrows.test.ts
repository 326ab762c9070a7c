/** The arrows of the house: who may know whom, who reads the clock, who reads the environment. */
import { describe, expect, test } from 'vitest';
import { type Import, importsOf, rooms, sourceFiles, withoutComments } from './source-files.ts';

const files = sourceFiles();
const imports = files.flatMap(importsOf);

/** Rooms that each room may import, besides itself. main.ts and cli may know all rooms; demo has its own rule. */
const mayKnow: Record<string, readonly string[]> = {
  bot: ['render', 'kpi', 'db', 'platform'],
  render: ['kpi', 'platform'],
  kpi: ['db', 'platform'],
  sync: ['db', 'platform'],
  platform: ['db'],
  db: [],
  cli: ['bot', 'render', 'kpi', 'sync', 'db', 'platform'],
};

const roomOf = (path: string) => rooms.find((room) => path.startsWith(`${room}/`)) ?? null;
const isOwn = (to: string) => roomOf(to) !== null || to === 'config.ts' || to === 'main.ts';
const place = ({ from, line, to }: Import) => `${from}:${line} imports ${to}`;

describe('imports', () => {
  test('are found at all', () => {
    expect(imports.filter(({ to }) => isOwn(to)).length).toBeGreaterThan(500);
  });

  test.each(Object.entries(mayKnow))('%s knows only its own room and [%s]', (room, known) => {
    const wrong = imports.filter(({ from, to }) => {
      const there = roomOf(to);
      return roomOf(from) === room && there !== null && there !== room && !known.includes(there);
    });
    expect(wrong.map(place)).toEqual([]);
  });

  test('the configuration is known to main.ts and cli alone, its type to the demo', () => {
    const wrong = imports.filter(
      ({ from, to, how }) =>
        to === 'config.ts' &&
        from !== 'main.ts' &&
        roomOf(from) !== 'cli' &&
        !(roomOf(from) === 'demo' && how === 'type'),
    );
    expect(wrong.map(place)).toEqual([]);
  });

  test('nobody imports the composition root', () => {
    expect(imports.filter(({ to }) => to === 'main.ts').map(place)).toEqual([]);
  });

  test('the demo is reached from main.ts alone, when it is needed', () => {
    const reaching = imports.filter(({ from, to }) => roomOf(to) === 'demo' && roomOf(from) !== 'demo');
    const wrong = reaching.filter(
      ({ from, how }) => roomOf(from) !== 'bench' && !(from === 'main.ts' && how === 'dynamic'),
    );
    expect(wrong.map(place)).toEqual([]);
  });

  test('the demo takes the contracts of other rooms as types, and code from platform and db', () => {
    const allowed = ['demo', 'platform', 'db'];
    const wrong = imports.filter(({ from, to, how }) => {
      const there = roomOf(to);
      return roomOf(from) === 'demo' && there !== null && how !== 'type' && !allowed.includes(there);
    });
    expect(wrong.map(place)).toEqual([]);
  });

  test('drizzle-orm comes through its one door', () => {
    const wrong = imports.filter(({ from, to }) => /^drizzle-orm(\/|$)/.test(to) && from !== 'db/drizzle.ts');
    expect(wrong.map(place)).toEqual([]);
  });

  test('kpi knows no package of a chat or a CRM', () => {
    const vendors =
      /^(@slack|@microsoft|botbuilder|jsforce|@hubspot|node-zendesk|intercom-client|nodemailer|vega|sharp)/;
    const wrong = imports.filter(({ from, to }) => roomOf(from) === 'kpi' && vendors.test(to));
    expect(wrong.map(place)).toEqual([]);
  });

  test('each vendor’s package is known where it belongs', () => {
    const home: readonly [RegExp, RegExp][] = [
      [/^@slack\//, /^bot\/transports\/slack\//],
      [/^(@microsoft\/teams|botbuilder|botframework)/, /^bot\/transports\/teams\//],
      [/^nodemailer/, /^(bot\/transports\/mail|cli\/doctor)/],
      [/^jsforce/, /^sync\/sources\/salesforce\//],
      [/^@hubspot\//, /^sync\/sources\/hubspot\//],
      [/^node-zendesk/, /^sync\/sources\/zendesk\//],
      [/^intercom-client/, /^sync\/sources\/intercom\//],
      [/^(vega|pdfkit|exceljs|pptxgenjs)/, /^render\//],
      // Teams takes pictures up to 60 KB: its transport shrinks the one it was given.
      [/^sharp/, /^(render\/|docs\/|bot\/transports\/teams\/picture-address)/],
      [/^pg-boss/, /^platform\//],
      [/^node-cron/, /^(platform|cli)\//],
    ];
    const wrong = imports.filter(({ from, to }) =>
      home.some(([vendor, where]) => vendor.test(to) && !where.test(from)),
    );
    expect(wrong.map(place)).toEqual([]);
  });

  test('imports of our own files end in .ts or .tsx', () => {
    const wrong = imports.filter(({ to }) => isOwn(to) && !/\.(tsx?|css|json)$/.test(to));
    expect(wrong.map(place)).toEqual([]);
  });
});

/** Places where `pattern` stands in code, outside the files that may. */
function found(pattern: RegExp, allowed: (path: string) => boolean): string[] {
  return files
    .filter((file) => !allowed(file.path))
    .flatMap((file) =>
      withoutComments(file.text)
        .split('\n')
        .flatMap((line, at) => (pattern.test(line) ? [`${file.path}:${at + 1} ${line.trim()}`] : [])),
    );
}

const root = (path: string) =>
  path === 'main.ts' || path === 'config.ts' || /^(demo|bench|docs)\//.test(path);

describe('clock, chance and environment', () => {
  test('only the composition root reads the clock', () => {
    expect(found(/\bDate\.now\b|new Date\(\s*\)|Temporal\.Now/, root)).toEqual([]);
  });

  test('only the composition root makes chance', () => {
    expect(found(/Math\.random\b/, root)).toEqual([]);
  });

  test('only the composition root reads the environment', () => {
    expect(found(/process\.env\b/, root)).toEqual([]);
  });
});

describe('files', () => {
  test('none is called utils, helpers, manager, service or common', () => {
    const wrong = files.filter(({ path }) =>
      /(^|[/-])(utils?|helpers?|manager|service|common)(\.|\/|-)/.test(path),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('none is longer than 400 lines, tables of data aside', () => {
    const long = files.filter(
      ({ path, text }) => text.split('\n').length > 400 && !path.startsWith('kpi/definitions/'),
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test('none leaves a doubt as TODO or swallows an error', () => {
    expect(found(/catch\s*(\([^)]*\))?\s*\{\s*\}/, () => false)).toEqual([]);
    const doubts = files.filter(({ text }) => /\b(TODO|FIXME|XXX)\b/.test(text));
    expect(doubts.map(({ path }) => path)).toEqual([]);
  });
});
