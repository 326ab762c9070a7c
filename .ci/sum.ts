/** Sums Vitest's JSON reports up: `node .ci/sum.ts FOLDER`. Ends with 1 on any failure, or when a run has no tests. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; message: string; assertionResults: { status: string }[] }[];
};

const folder = process.argv[2]!;
const sum = { passed: 0, failed: 0, skipped: 0 };

for (const run of ['unit', 'e2e', 'faults']) {
  const file = path.join(folder, `${run}.json`);
  if (!existsSync(file)) {
    console.log(`${run}: no report`);
    sum.failed++;
    continue;
  }
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  // A file that broke before its first test reports no test at all.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  );
  for (const { name, message } of broken) console.log(`${run}: ${name} broke: ${message.split('\n')[0]}`);
  if (report.numPassedTests === 0) console.log(`${run}: not one test passed`);
  let failed = report.numFailedTests + broken.length + (report.numPassedTests === 0 ? 1 : 0);
  // It failed all the same: an unhandled error, a time limit, a threshold.
  if (failed === 0 && existsSync(path.join(folder, `failed-${run}`))) failed = 1;
  sum.passed += report.numPassedTests;
  sum.failed += failed;
  sum.skipped += report.numPendingTests + report.numTodoTests;
}
if (existsSync(path.join(folder, 'failed-check'))) {
  console.log('check: failed');
  sum.failed++;
}

const coverage = 'coverage/coverage-summary.json';
if (existsSync(coverage)) {
  const { total } = JSON.parse(readFileSync(coverage, 'utf8')) as { total: { lines: { pct: number } } };
  console.log(`Lines covered: ${total.lines.pct} %`);
} else console.log('Lines covered: not known');

console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 || Number(process.env.FAILED_STEPS ?? 0) > 0 ? 1 : 0;
