// Control characters and the invisible marks (bidirectional overrides among them) that let a name rewrite its
// neighbours; the two joiners that scripts and emoji need are kept.
const unseen = /(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

/** Text from a CRM without what cannot be seen, on one line; at most `most` characters, then "…". */
export function plainText(text: string, most = 1000): string {
  const clean = text
    .toWellFormed()
    .replace(/[\t\n\r\u2028\u2029]+/g, ' ')
    .replace(unseen, '')
    .trim();
  return shorten(clean, most);
}

/** Cut between characters, never inside one: Slack refuses half of a surrogate pair. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, Math.max(0, most - 1)).toWellFormed();
  return `${cut.replace(/\ufffd$/, '').trimEnd()}…`;
}
