import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolveSecretKey } from './resolve-secret-key';

let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'rollcall-key-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('generates 32 bytes once, readable by their owner alone', async () => {
  const first = await resolveSecretKey(dataDir);
  expect(first).toHaveLength(32);
  expect(await resolveSecretKey(dataDir)).toEqual(first);
  expect(readdirSync(dataDir)).toEqual(['secret-key']);
  expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
});

it('refuses a damaged key and leaves it alone', async () => {
  writeFileSync(join(dataDir, 'secret-key'), 'c2hvcnQ=');
  await expect(resolveSecretKey(dataDir)).rejects.toThrow(/is damaged .* restore it from a backup/);
  expect(readFileSync(join(dataDir, 'secret-key'), 'utf8')).toBe('c2hvcnQ=');
});
