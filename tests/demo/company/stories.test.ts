import { describe, expect, test } from 'vitest';
import { anchorDay, build, dayBefore, lost, returns, ticketsByDay, winRate } from './company.ts';

describe.each([7, 1, 42])('the stories at a fiftieth of the size, seed %i', (seed) => {
  const world = build(0.02, seed);

  test('small EMEA customers leave in the last complete quarter', () => {
    const small = (mix: { region: string; segment: string }) =>
      mix.region === 'EMEA' && mix.segment === 'SMB';
    expect(lost(world, '2026-07-01', '2026-10-01', small).gone).toBeGreaterThanOrEqual(1);
  });

  test('each day of the surge has three tickets or more', () => {
    const counts = ticketsByDay(world);
    for (let i = 0; i <= 3; i++) expect(counts.get(dayBefore(anchorDay, i)) ?? 0).toBeGreaterThanOrEqual(3);
  });

  test('the webinar series is one of the two campaigns with the best return', () => {
    const names = returns(world).map((c) => c.name);
    expect(names.slice(0, 2)).toContain('Webinar series: Revenue Clarity');
  });

  test('APAC wins more of its deals than the year before', () => {
    expect(winRate(world, 'APAC', '2025-11-23', '2026-11-23')).toBeGreaterThan(
      winRate(world, 'APAC', '2024-11-23', '2025-11-23'),
    );
  });
});

test('every story states a question and what the answer must say', () => {
  for (const story of build(0.02).stories) {
    expect(story.question.length).toBeGreaterThan(10);
    expect(story.expect.length).toBeGreaterThan(20);
  }
});
