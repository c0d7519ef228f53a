import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WAIT_LIMIT_MS } from '@rollcall/testing';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs the demo as the README says. */
function demo(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile('npm', ['run', 'demo', '--', ...args], { cwd: ROOT, timeout: WAIT_LIMIT_MS }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
    });
  });
}

describe('npm run demo -- --once', () => {
  it.each(['okta', 'okta-custom', 'entra', 'entra-flag', 'jumpcloud', 'onelogin', 'generic'])(
    'provisions as %s does, and the sample app ends with the same people and groups',
    async (idp) => {
      // The first makes a new database; the others go on with it, which is faster.
      const { code, output } = await demo(
        '--once',
        '--idp',
        idp,
        '--people',
        '9',
        ...(idp === 'okta' ? [] : ['--keep']),
      );
      expect(output).toContain("The sample app's copy equals what the identity provider holds: 9 users and 4 groups.");
      expect(output).toMatch(/Verified: (\d+) of \1 events arrived, numbered without a gap, every signature valid/);
      expect(code).toBe(0);
    },
  );

  it('takes up the data of the last run with --keep', async () => {
    const { code, output } = await demo('--once', '--keep', '--people', '4');
    expect(output).toContain("The sample app's copy equals what the identity provider holds: 4 users and 4 groups.");
    expect(code).toBe(0);
  });

  it('says what it can do', async () => {
    const { code, output } = await demo('--help');
    expect(output).toContain('Usage: npm run demo -- [options]');
    expect(code).toBe(0);
  });

  it('refuses a wrong option with one sentence', async () => {
    const { code, output } = await demo('--people', '1');
    expect(output).toContain('--people must be a whole number from 4 to 5000, not "1".');
    expect(code).toBe(1);
  });
});
