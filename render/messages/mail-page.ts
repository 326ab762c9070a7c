import { themes } from '../charts/theme.ts';
import { type Html, html } from './html.ts';

const light = themes.light;
const dark = themes.dark;

// Styles stand inline as well as in the head: some clients drop one, some the other. The dark rules need
// `!important` to win over the inline ones. Nothing is loaded from anywhere; pictures travel in the mail.
const darkRules = `
@media (prefers-color-scheme: dark) {
  .page { background: ${dark.background} !important; }
  .ink { color: ${dark.ink} !important; }
  .quiet { color: ${dark.quiet} !important; }
  .good { color: ${dark.good} !important; }
  .bad { color: ${dark.bad} !important; }
  .caution { color: ${dark.caution} !important; }
  .line { border-color: ${dark.line} !important; }
}
@media (max-width: 480px) { .tile { display: block !important; width: 100% !important; } }`;

export const fontStack = "Inter, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

export const styles = {
  ink: `color:${light.ink}`,
  quiet: `color:${light.quiet}`,
  good: `color:${light.good}`,
  bad: `color:${light.bad}`,
  neutral: `color:${light.quiet}`,
  caution: `color:${light.caution}`,
  line: `border-top:1px solid ${light.line}`,
} as const;

/** The frame of every mail: one column of 640 px, a language, a title, and colours for light and dark. */
export function mailPage(title: string, body: readonly Html[], locale: string): string {
  const language = locale.split('-')[0] ?? 'en';
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>${{ markup: darkRules }}</style>
</head>
<body class="page" style="margin:0;padding:0;background:${light.background}">
<div role="article" aria-label="${title}" lang="${language}" class="ink" style="max-width:640px;margin:0 auto;padding:24px 16px;font:16px/1.5 ${fontStack};${styles.ink}">
${body}
</div>
</body>
</html>
`;
  return page.markup;
}

/** A picture that travels with the mail, referred to by its content id. */
export function mailImage(picture: { cid: string; alt: string }): Html {
  return html`<img src="cid:${picture.cid}" alt="${picture.alt}" width="608" style="display:block;width:100%;max-width:608px;height:auto;margin:16px 0">`;
}
