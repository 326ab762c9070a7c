/** `herald quality [--rule NAME] [--all] [--most N] [--format json]`: what is suspicious about the data, by rule, with examples. */
import { parseArgs } from 'node:util';
import { HeraldError } from '../platform/errors.ts';
import { plainText } from '../render/plain-text.ts';
import { type FindingGroup, readFindings } from '../sync/quality/read-findings.ts';
import { asHeraldError, openHouse } from './house.ts';
import { recordLink } from './record-link.ts';
import type { Verb } from './verb.ts';

export const quality: Verb = async (tools) => {
  const { values } = parseArgs({
    args: [...tools.args],
    options: {
      rule: { type: 'string' },
      all: { type: 'boolean', default: false },
      most: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      format: { type: 'string', default: 'text' },
    },
  });
  if (!/^[1-9]\d{0,5}$/.test(values.most))
    throw new HeraldError('ask', `--most takes a number, not "${values.most}".`);
  const { terminal } = tools;
  try {
    const house = await openHouse(tools.config(), tools.now, terminal.say, {
      max: 1,
      name: 'herald-quality',
    });
    try {
      const groups = await readFindings(house.db.sql, {
        rule: values.rule ?? null,
        all: values.all,
        most: Number(values.most),
      });
      const linked = groups.map((group) => ({
        ...group,
        findings: group.findings.map((finding) => ({
          ...finding,
          link: linkOf(finding, house.config.sources),
        })),
      }));
      if (values.json || values.format === 'json') terminal.out(`${JSON.stringify(linked, null, 2)}\n`);
      else for (const group of linked) terminal.out(textOf(group));
      if (groups.length === 0) terminal.say('Nothing is suspicious.');
      return groups.some(
        ({ severity, findings }) => severity === 'warns' && findings.some((each) => !each.resolvedAt),
      )
        ? 1
        : 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

type Finding = FindingGroup['findings'][number];

function linkOf(
  { system, table, subject }: Finding,
  sources: Parameters<typeof recordLink>[1],
): string | null {
  if (table === null) return null;
  return recordLink(
    { system, table, id: subject, parent: null } as Parameters<typeof recordLink>[0],
    sources,
  );
}

/** Sentences quote the CRM's text: a terminal gets them without what it would obey. */
function textOf({
  rule,
  severity,
  summary,
  since,
  n,
  findings,
}: Omit<FindingGroup, 'findings'> & { findings: (Finding & { link: string | null })[] }): string {
  const lines = findings.map(
    ({ system, sentence, resolvedAt, link }) =>
      `  ${system}\t${plainText(sentence, 300)}${resolvedAt ? `\tresolved ${resolvedAt.toISOString()}` : ''}${link ? `\t${link}` : ''}\n`,
  );
  const more =
    n > findings.length ? [`  … and ${n - findings.length} more: --rule ${rule} --most ${n}\n`] : [];
  return [
    `${severity}\t${rule}\t${plainText(summary)}\tsince ${since.toISOString().slice(0, 10)}\n`,
    ...lines,
    ...more,
  ].join('');
}
