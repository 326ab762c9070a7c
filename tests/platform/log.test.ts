import { describe, expect, test } from 'vitest';
import { createLog, neverLog, scrub } from '../../platform/log.ts';

/** Lines that a log at `level` wrote. */
function lines(level: string, write: (log: ReturnType<typeof createLog>) => void): string[] {
  const written: string[] = [];
  write(createLog(level, (line) => written.push(line)));
  return written;
}

describe('scrub', () => {
  test.each([
    ['xoxb-1234567890-abcdefgh', '•••'],
    ['authorization: Bearer abc.def-ghi/jkl==', 'authorization: •••'],
    ['hrld_abcdefghijklmnop', '•••'],
  ])('hides %s by its shape', (text, clean) => {
    expect(scrub(text)).toBe(clean);
  });

  test('hides the password of a database address and keeps the rest', () => {
    expect(scrub('postgres://herald:hush-hush@db:5432/herald')).toBe('postgres://herald:•••@db:5432/herald');
  });

  test('hides a known value wherever it stands', () => {
    neverLog('very-special-value');
    expect(scrub('a very-special-value b very-special-value')).toBe('a ••• b •••');
  });

  test('a value too short to tell from ordinary text is not hunted', () => {
    neverLog('the');
    expect(scrub('the rest')).toBe('the rest');
  });

  test('ordinary text stays as it is', () => {
    expect(scrub('Churn was 9.9 % in Q3')).toBe('Churn was 9.9 % in Q3');
  });
});

describe('the log', () => {
  test('writes one JSON line with its time', () => {
    const [line] = lines('info', (log) => log.info({ source: 'billing' }, 'read'));
    expect(JSON.parse(line!)).toMatchObject({
      source: 'billing',
      msg: 'read',
      time: expect.stringMatching(/^\d{4}-/),
    });
  });

  test('keeps quiet below its level', () => {
    expect(lines('warn', (log) => log.info('nothing'))).toEqual([]);
  });

  test('hides a secret that came inside an object', () => {
    neverLog('nested-secret-value');
    const [line] = lines('info', (log) => log.info({ deep: { header: 'nested-secret-value' } }, 'x'));
    expect(line).not.toContain('nested-secret-value');
  });

  test('hides a secret that came inside an error', () => {
    neverLog('error-secret-value');
    const [line] = lines('info', (log) => log.error(new Error('refused error-secret-value'), 'x'));
    expect(line).not.toContain('error-secret-value');
  });

  test('hides a secret that JSON writes with escapes', () => {
    neverLog('with"quote\\and-backslash');
    const [line] = lines('info', (log) => log.info({ token: 'with"quote\\and-backslash' }, 'x'));
    expect(line).not.toContain('and-backslash');
  });
});
