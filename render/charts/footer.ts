import { describeSource, describeSources } from '../freshness.ts';
import { type Frame, type Text, text, textSizes } from './frame.ts';
import type { Footed } from './page.ts';
import { fitText, textWidth } from './text-width.ts';

export const footerHeight = 40;

/** "Salesforce 2 min · Zendesk 3 h ⚠": every source with its age; late ones first when room is short. */
export function sourceLine(answer: Pick<Footed, 'freshness'>, room: number): string {
  const all = describeSources(answer);
  if (textWidth(all, textSizes.small) <= room) return all;
  const lateFirst = [...answer.freshness].sort((a, b) => Number(b.stale) - Number(a.stale));
  for (let shown = lateFirst.length - 1; shown > 0; shown -= 1) {
    const line = `${lateFirst.slice(0, shown).map(describeSource).join(' · ')} · +${lateFirst.length - shown} more`;
    if (textWidth(line, textSizes.small) <= room) return line;
  }
  return fitText(all, textSizes.small, room);
}

function day(instant: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' }).format(
    Date.parse(instant),
  );
}

/** One quiet line: sources with their ages on the left, definition and as-of on the right. */
export function footer(answer: Footed, frame: Frame): Text[] {
  const { theme, locale } = frame;
  const { asOf } = answer;
  const right = `definition v${answer.definition.version} · ${asOf === null ? '' : 'as known on '}${day(asOf ?? answer.at, locale)}`;
  const y = frame.y + frame.height;
  const room = frame.width - textWidth(right, textSizes.small) - 40;
  return [
    text(sourceLine(answer, room), { x: frame.x, y, color: theme.quiet }),
    text(right, { x: frame.x + frame.width, y, color: theme.quiet, align: 'right' }),
  ];
}
