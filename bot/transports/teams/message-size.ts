/**
 * Teams refuses messages over about 100 KB, counted as UTF-16 and without pictures given as data URIs
 * (learn.microsoft.com, "Format your bot messages"); it advises to stay below 80.
 */
export const maxMessageBytes = 80 * 1024;

/** Size of a card as Teams counts it. */
export function messageBytes(card: unknown): number {
  const json = JSON.stringify(card, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith('data:image/') ? '' : value,
  );
  return (json ?? '').length * 2;
}

/** Cut a text so that it fits, and say that it was cut. */
export function fitText(text: string): string {
  const most = 15_000;
  if (text.length <= most) return text;
  return `${text.slice(0, most)}…\n\nShortened: the whole is too long for Teams. Use Export, or narrow the question.`;
}
