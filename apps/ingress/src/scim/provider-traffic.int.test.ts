import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { seedDirectory } from '../testing/seed-directory';
import { startTestIngress } from '../testing/start-test-ingress';
import type { TestIngress } from '../testing/start-test-ingress';

const run = promisify(execFile);
const traffic = fileURLToPath(new URL('../../../e2e/traffic/', import.meta.url));

let database: TestDatabase;
let ingress: TestIngress;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  ingress = await startTestIngress(database);
});

afterAll(async () => {
  await ingress.stop();
  await database.drop();
});

describe('answers what identity providers send', () => {
  it.each(['okta-oin.json', 'entra-default.json'])('as %s requires', async (file) => {
    const directory = await seedDirectory(database.adminUrl, ingress);
    const other = await seedDirectory(database.adminUrl, ingress);
    const { scimUrl, token } = directory;
    const args = ['--base', scimUrl, '--token', token, '--base2', other.scimUrl, '--token2', other.token];
    const replay = run(process.execPath, [`${traffic}replay.mjs`, ...args, `${traffic}${file}`]);
    const { stdout } = await replay.catch((error: { stdout: string }) => error);
    expect(stdout.split('\n').filter((line) => /^\s*(FAIL|warn) /.test(line))).toEqual([]);
    expect(stdout).toMatch(/must, .* passed/);
  });
});
