import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DIALECT_NAMES, findDialect } from '@rollcall/idp-simulator';
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
  it('provisions as each identity provider does, and the sample apps end with the same people and groups', async () => {
    const { code, output } = await demo('--once', '--idp', 'all', '--people', '9');
    const parts = output.split(/^A simulated /m).slice(1);
    expect(parts.map((part) => part.slice(0, part.indexOf(' now provisions 9 people')))).toEqual(
      DIALECT_NAMES.map((name) => findDialect(name).title),
    );
    for (const part of parts) {
      expect(part).toContain("The sample app's copy equals what the identity provider holds: 9 users and 4 groups.");
      expect(part).toMatch(/Verified: (\d+) of \1 events arrived, numbered without a gap, every signature valid/);
    }
    expect(code).toBe(0);
  });

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
