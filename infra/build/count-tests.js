/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Counts the tests of a vitest run. A suite that could not even start counts as one failed test.
 * @param {object | null} report vitest's JSON report, null when there is none
 * @param {number} code vitest's exit code
 * @returns {Counts}
 */
export function countTests(report, code) {
  const passed = report?.numPassedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const brokenSuites = (report?.testResults ?? []).filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((result) => result.status === 'failed'),
  );
  const failed = (report?.numFailedTests ?? 0) + brokenSuites.length;
  // Vitest also fails on an error outside every test: never a green line over a red run.
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}
