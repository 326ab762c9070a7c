import { expect, test } from 'vitest';
import { cardMarkdown } from '../../../demo/page/card-markdown.ts';

test.each([
  ['**Churn** was _low_', '<strong>Churn</strong> was <em>low</em>'],
  ['a \\*starred\\* name', 'a *starred* name'],
  ['R&D', 'R&amp;D'],
  ['3 \\> 2', '3 &gt; 2'],
  ['&lt;b&gt;', '&lt;b&gt;'],
  ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
  ['&lt;script&gt;', '&lt;script&gt;'],
  ['[here](javascript:alert(1))', '[here](javascript:alert(1))'],
  ['**"><script>**', '<strong>&quot;&gt;&lt;script&gt;</strong>'],
])('%s is shown as %s', (text, html) => {
  expect(cardMarkdown(text)).toBe(html);
});
