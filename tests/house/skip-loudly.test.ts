import path from 'node:path';
import { expect, test } from 'vitest';
import { needs } from '../skip-loudly.ts';

test('a program that is there is found by its path', () => {
  expect(path.basename(needs('sh')!)).toBe('sh');
});

test('a program that is not there is missed aloud', () => {
  let said = '';
  const found = needs('no-such-program', (text) => {
    said += text;
  });
  expect(found).toBeNull();
  expect(said).toContain('SKIPPED: these tests need no-such-program');
});
