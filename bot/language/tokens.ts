import { HeraldError } from '../../platform/errors.ts';

/** A word of the question: `text` in lower case for matching, `raw` as typed for the echo. */
export type Token = { text: string; raw: string };

/** Longer than any question anybody asks, short enough that no rule can become slow. */
const longest = 400;
const mostTokens = 70;

/** ISO dates, months, quarters and weeks stay whole; letters with digits stay together (q3, 30d, 3rd, fy25). */
const pattern =
  /\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)|\d{4}-(?:q[1-4]|h[12]|w\d{1,2}|\d{2})(?![\d\p{L}])|'\d{2}(?!\d)|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{1,2}[/.-]\d{4}(?![\d-])|\d{4}\/\d{1,2}(?![\d/])|[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*(?:'(?!\d)\p{L}+)?|!(?=[=\p{L}])|[-=:,&/+%<>≠]/giu;

/** Invisible marks that only change how text is drawn: zero-width, bidirectional, variation selectors. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\p{Variation_Selector}/gu;

/** What chat programmes put around and between words: people and channels that are named, emoji by name, _emphasis_. */
const markup =
  /<[@!#][^>]*>|(?<=^|\s):[a-z][a-z0-9_+-]*:(?=\s|$)|(?<![\p{L}\p{N}_])_(?=\p{L})|(?<=[\p{L}\p{N}])_(?![\p{L}\p{N}_])/giu;

/** The sign makes another KPI of it: "win %" is a rate, "wins" are deals. Anywhere else it says what the unit is anyway. */
const winPercent = /\b(win|close)\s*%/gi;

/** Text as typed → words. Anything hostile or endless ends here. */
export function tokenize(text: string, suggestions: readonly string[]): Token[] {
  if (text.length > longest) {
    throw new HeraldError(
      'ask',
      `That is ${text.length} characters long. A question fits in ${longest}: a KPI, a period, a breakdown.`,
      {
        suggestions,
      },
    );
  }
  const clean = text
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(/\p{Cc}/gu, ' ')
    .replace(markup, ' ')
    .replace(/[\u2018\u2019\u02bc`´]/g, "'")
    .replace(/[\u201c\u201d"]/g, ' ')
    .replace(winPercent, '$1 rate')
    .replace(/[\u2010-\u2015\u2212]/g, '-');
  const tokens = (clean.match(pattern) ?? []).map((raw) => ({ raw, text: plain(raw) }));
  if (tokens.length > mostTokens) {
    throw new HeraldError('ask', 'That is more than one question. Ask for one KPI at a time.', {
      suggestions,
    });
  }
  return tokens;
}

/** Words of a name as the tokenizer sees them, joined by blanks and without hyphens: "Mid-Market" → "mid market". */
export function keyOf(name: string): string {
  const words =
    name
      .normalize('NFKC')
      .replace(/[\u2010-\u2015]/g, '-')
      .toLowerCase()
      .match(pattern) ?? [];
  return words
    .map(plain)
    .filter((word) => !/^[-=:,&/+%<>≠!]$/.test(word))
    .join(' ');
}

/** Lower case, and "year's" as "year". */
function plain(raw: string): string {
  return raw.toLowerCase().replace(/'s$/, '');
}
