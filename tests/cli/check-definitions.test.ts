import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkDefinitions } from '../../cli/start/check-definitions.ts';
import { readConfig } from '../../config.ts';

const now = new Date('2026-11-22T10:00:00Z');

function check(yaml: string): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-config-'));
  writeFileSync(path.join(folder, 'herald.yaml'), yaml);
  checkDefinitions(readConfig({}, folder), now);
}

describe('KPIs that the configuration names', () => {
  test('are all reported at once, each with its place', () => {
    const yaml = `
digests: [{ name: board, title: Board, kpis: [churn last quarter, florb], targets: [{ kind: mail, to: a@example.com }] }]
alerts: [{ kpis: [ticket_created], targets: [{ kind: slack, to: C1 }] }]
targets: { bokings: { quarter: 5 } }
kpis: [{ name: mine, title: Mine, area: sales, text: Ours, formula: wonn_value }]`;
    expect(() => check(yaml)).toThrow(
      /kpis\.0 \(mine\)\.formula: [\s\S]*digests\.0 \(board\): "florb"[\s\S]*alerts\.0[\s\S]*targets\.bokings/,
    );
  });

  test('that exist are fine', () => {
    expect(() =>
      check(
        'digests: [{ name: board, title: Board, kpis: [mrr last week], targets: [{ kind: mail, to: a@example.com }] }]\ntargets: { bookings: { quarter: 5 } }',
      ),
    ).not.toThrow();
  });
});
