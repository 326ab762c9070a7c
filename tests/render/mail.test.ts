import { expect, test } from 'vitest';
import { html } from '../../render/messages/html.ts';
import { mailAnswer, mailDigest } from '../../render/messages/mail.ts';
import { churn, digest, hostile } from '../fixtures/answers.ts';

const mail = mailDigest({
  digest,
  pictures: [{ cid: 'churn@herald', alt: 'Customer churn, 2.1 %', kpi: 'churn' }],
});

test('a digest by mail has a language, a title and one first heading', () => {
  expect(mail.html).toContain('<html lang="en">');
  expect(mail.html).toContain('<title>Executive digest · Week of 16 November 2026</title>');
  expect(mail.html.match(/<h1/g)).toHaveLength(1);
});

test('a picture stands in the section of its KPI and has an alternative text', () => {
  const section = mail.html.slice(
    mail.html.indexOf('Customer success</h2>'),
    mail.html.indexOf('Finance</h2>'),
  );
  expect(section).toContain('<img src="cid:churn@herald" alt="Customer churn, 2.1 %"');
});

test('nothing is loaded from anywhere', () => {
  expect(mail.html).not.toMatch(/(?:src|href|url\()\s*=?\s*["']?https?:/i);
  expect(mail.html).not.toContain('<script');
  expect(mail.html).not.toContain('<link');
});

test('both colour schemes are offered', () => {
  expect(mail.html).toContain('<meta name="color-scheme" content="light dark">');
  expect(mail.html).toContain('@media (prefers-color-scheme: dark)');
});

test('the text body says what the HTML says', () => {
  for (const mover of digest.movers) expect(mail.text).toContain(mover.text);
  for (const { answers } of digest.sections)
    for (const answer of answers) expect(mail.text).toContain(answer.sentence);
});

test('markup from data is shown, not run', () => {
  const hostileMail = mailAnswer({ answer: hostile, picture: { cid: 'x', alt: '"><script>' } });
  expect(hostileMail.html).not.toMatch(/<script/i);
  expect(hostileMail.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('a subject is one line', () => {
  expect(
    mailAnswer({ answer: { ...churn, title: 'Churn\r\nBcc: x@e.test' }, picture: null }).subject,
  ).not.toMatch(/[\r\n]/);
});

test('what is inserted into a template is escaped, what a template made is not', () => {
  const inner = html`<b>${'<i>"\'&'}</b>`;
  expect(html`<p>${inner}</p>`.markup).toBe('<p><b>&lt;i&gt;&quot;&#39;&amp;</b></p>');
});

test('a late digest says so', () => {
  const late = mailDigest({ digest: { ...digest, lateNote: 'Sent 3 h late.' }, pictures: [] });
  expect(late.html).toContain('Sent 3 h late.');
  expect(late.text).toContain('Sent 3 h late.');
});
