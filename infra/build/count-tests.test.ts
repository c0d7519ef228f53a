import { describe, expect, it } from 'vitest';
import { countTests, listFailures, listToRunAgain, replaceSuites } from './count-tests.js';

const suite = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

describe('the closing line', () => {
  it('counts tests, with those marked todo among the skipped', () => {
    const report = { testResults: [suite('passed', 'passed', 'passed', 'skipped', 'pending', 'todo')] };
    expect(countTests(report, 0)).toEqual({ passed: 2, failed: 0, skipped: 3 });
  });

  it('counts a suite that could not start as one failed test, and a failed test once', () => {
    const report = { testResults: [suite('failed', 'failed', 'passed'), suite('failed')] };
    expect(countTests(report, 1)).toEqual({ passed: 1, failed: 2, skipped: 0 });
  });

  it('is never green over a red run: not after an error outside every test, nor without a report', () => {
    expect(countTests({ testResults: [suite('passed', 'passed')] }, 1)).toMatchObject({ passed: 1, failed: 1 });
    expect(countTests(null, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('a few suites that failed among all the others', () => {
  const named = (name: string, status = 'failed') => ({ name: `/r/${name}`, ...suite(status, status) });

  it('are run again when they need a machine that has time for them', () => {
    const report = { testResults: [named('a.int.test.ts'), named('b.e2e.test.ts'), named('c.test.ts', 'passed')] };
    expect(listToRunAgain(report, '/r/')).toEqual(['a.int.test.ts', 'b.e2e.test.ts']);
    expect(listToRunAgain(null, '/r/')).toEqual([]);
  });

  it('are run again once each, also one that failed on two servers', () => {
    const onBoth = ['a', 'b', 'a', 'b'].map((name) => named(`${name}.int.test.ts`));
    expect(listToRunAgain({ testResults: onBoth }, '/r/')).toEqual(['a.int.test.ts', 'b.int.test.ts']);
  });

  it('are not when they need nothing, or are more than a few', () => {
    expect(listToRunAgain({ testResults: [named('a.int.test.ts'), named('c.test.ts')] }, '/r/')).toEqual([]);
    const many = ['a', 'b', 'c', 'd'].map((name) => named(`${name}.e2e.test.ts`));
    expect(listToRunAgain({ testResults: many }, '/r/')).toEqual([]);
  });

  it('count as they end then, and the others as before', () => {
    const report = { testResults: [named('a.e2e.test.ts'), named('b.e2e.test.ts'), named('c.test.ts', 'passed')] };
    const again = replaceSuites(report, { testResults: [named('a.e2e.test.ts', 'passed')] });
    expect(countTests(again, 0)).toEqual({ passed: 2, failed: 1, skipped: 0 });
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
