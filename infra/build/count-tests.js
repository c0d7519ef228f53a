/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Names what failed in a vitest run, with the first line of its message: a log of which only the end is kept tells it too.
 * @param {object | null} report vitest's JSON report, null when there is none
 * @param {string} root the folder that the names of files are relative to, ending with a slash
 * @returns {string[]} a line each
 */
export function listFailures(report, root) {
  return (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(root, '');
    const failed = assertionResults.filter((result) => result.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : [];
    return failed.map((result) => `${file} > ${result.fullName}: ${firstLine(result.failureMessages[0])}`);
  });
}

const firstLine = (text = '') => text.split('\n', 1)[0];

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
