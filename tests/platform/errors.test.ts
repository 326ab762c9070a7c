import { describe, expect, test } from 'vitest';
import { exitCodes, HeraldError, toHeraldError, toProblem } from '../../platform/errors.ts';

describe('the one error type', () => {
  test('each kind has an exit code of its own', () => {
    expect(exitCodes).toEqual({ ask: 2, access: 77, setup: 78, upstream: 75, bug: 70 });
  });

  test('carries at most three suggestions', () => {
    expect(new HeraldError('ask', 'x', { suggestions: ['a', 'b', 'c', 'd'] }).suggestions).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  test('keeps its cause', () => {
    const cause = new Error('below');
    expect(new HeraldError('upstream', 'x', { cause }).cause).toBe(cause);
  });

  test('stays itself', () => {
    const error = new HeraldError('access', 'no');
    expect(toHeraldError(error)).toBe(error);
  });
});

describe('what nobody foresaw', () => {
  test('is our fault', () => {
    expect(toHeraldError(new TypeError('x is undefined')).kind).toBe('bug');
  });

  test('keeps its words for the log and shows none of them', () => {
    const error = toHeraldError(new Error('password=hunter2 at /srv/x.ts'));
    expect(error.message).not.toContain('hunter2');
    expect(error.note).toContain('hunter2');
  });

  test.each([['a string'], [null], [undefined], [42]])('%s may be thrown too', (thrown) => {
    expect(toHeraldError(thrown)).toMatchObject({ kind: 'bug', note: String(thrown) });
  });
});

test('a problem carries neither note nor stack', () => {
  const problem = toProblem(new HeraldError('ask', 'What?', { note: 'secret', suggestions: ['churn'] }));
  expect(problem).toEqual({ kind: 'ask', message: 'What?', suggestions: ['churn'] });
});
