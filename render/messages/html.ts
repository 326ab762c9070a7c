import { plainText } from '../plain-text.ts';

/** Markup that is already safe; only `html` makes it. */
export type Html = { readonly markup: string };

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return plainText(text, 10_000).replace(/[&<>"']/g, (character) => entities[character]!);
}

function insert(value: string | Html | readonly Html[]): string {
  if (typeof value === 'string') return escapeHtml(value);
  if ('markup' in value) return value.markup;
  return value.map((one) => one.markup).join('\n');
}

/** Template for HTML: what is inserted is escaped unless it was made by this function itself. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  return { markup: strings.reduce((all, part, i) => all + insert(values[i - 1]!) + part) };
}
