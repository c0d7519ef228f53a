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
  const suites = report?.testResults ?? [];
  const results = suites.flatMap(({ assertionResults }) => assertionResults);
  const count = (...statuses) => results.filter(({ status }) => statuses.includes(status)).length;
  const brokenSuites = suites.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  const failed = count('failed') + brokenSuites.length;
  // Vitest also fails on an error outside every test: never a green line over a red run.
  return {
    passed: count('passed'),
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: count('skipped', 'pending', 'todo'),
  };
}

/** More suites than these do not fail by accident. */
const FEW = 3;

/**
 * What is run once more, alone: the suites of databases, processes and browsers that failed among all the others, where the machine
 * being busy may be to blame. None when one failed that needs nothing of it, or more than a few did.
 * @param {object | null} report vitest's JSON report, null when there is none
 * @param {string} root the folder that the names of files are relative to, ending with a slash
 * @returns {string[]} their files
 */
export function listToRunAgain(report, root) {
  const failed = (report?.testResults ?? []).filter(({ status }) => status === 'failed');
  // One that runs on two servers may have failed on both.
  const files = [...new Set(failed.map(({ name }) => name.replace(root, '')))];
  return files.length <= FEW && files.every((file) => /\.(int|e2e)\.test\.ts$/.test(file)) ? files : [];
}

/**
 * @param {object} report vitest's JSON report of a run
 * @param {object} again that of some of its suites, run once more
 * @returns {object} the report with these in place of those
 */
export function replaceSuites(report, again) {
  const names = again.testResults.map(({ name }) => name);
  return { testResults: [...report.testResults.filter(({ name }) => !names.includes(name)), ...again.testResults] };
}
