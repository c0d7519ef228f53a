import { describe, expect, it } from 'vitest';
import { countTests, listFailures } from './count-tests.js';

const suite = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

describe('the closing line', () => {
  it('counts tests, with those marked todo among the skipped', () => {
    const report = {
      numPassedTests: 5,
      numFailedTests: 0,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [suite('passed', 'passed')],
    };
    expect(countTests(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 3 });
  });

  it('counts a suite that could not start as one failed test, and a failed test once', () => {
    const report = {
      numPassedTests: 5,
      numFailedTests: 1,
      testResults: [suite('failed', 'failed', 'passed'), suite('failed')],
    };
    expect(countTests(report, 1)).toMatchObject({ passed: 5, failed: 2 });
  });

  it('is never green over a red run: not after an error outside every test, nor without a report', () => {
    expect(countTests({ numPassedTests: 5, numFailedTests: 0, testResults: [] }, 1)).toMatchObject({
      passed: 5,
      failed: 1,
    });
    expect(countTests(null, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('the list of what failed', () => {
  it('names each failed test, and the suite that could not start, with the first line of its message', () => {
    const failed = { status: 'failed', fullName: 'a thing holds', failureMessages: ['Error: it does not\n  at x'] };
    const report = {
      testResults: [
        { name: '/r/a.test.ts', status: 'failed', assertionResults: [failed, { status: 'passed', fullName: 'fine' }] },
        { name: '/r/b.test.ts', status: 'failed', message: 'no such module\nmore', assertionResults: [] },
        { name: '/r/c.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'fine' }] },
      ],
    };
    expect(listFailures(report, '/r/')).toEqual([
      'a.test.ts > a thing holds: Error: it does not',
      'b.test.ts: no such module',
    ]);
    expect(listFailures(null, '/r/')).toEqual([]);
  });
});
