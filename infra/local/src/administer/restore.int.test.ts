import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapDatabase, checkDatabase, createDataSource, describeMove, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { readConfig } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp } from './back-up';
import { restore } from './restore';
import { runAction } from './run-action';

const keys = { secretKey: randomBytes(32) };
const say = () => undefined;

let folder: string;
let file: string;
let source: TestDatabase;
let into: TestDatabase;
let admin: DataSource;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-restore-'));
  file = join(folder, 'whole.backup');
  source = await createTestDatabase({ migrate: migrateDatabase });
  await bootstrapDatabase({ ownerUrl: source.ownerUrl, keys });
  await backUp({ config: configOf(source), ownerUrl: source.ownerUrl, target: file, json: false, say });
  into = await createTestDatabase();
  admin = await createDataSource({ url: into.adminUrl, poolSize: 1 }).initialize();
});

afterAll(async () => {
  await admin.destroy();
  await Promise.all([source.drop(), into.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

function configOf({ appUrl, ownerUrl }: TestDatabase) {
  return readConfig({
    DATABASE_URL: appUrl,
    DATABASE_OWNER_URL: ownerUrl,
    DATA_DIR: folder,
    SECRET_KEY: keys.secretKey.toString('base64'),
  });
}

describe('npm run rollcall -- restore', () => {
  it('says how to go on when something behind the rows fails, and no process starts before that was done', async () => {
    // The queue is not for us to make.
    await admin.query('CREATE SCHEMA bullmq');
    await expect(restore({ config: configOf(into), file, json: false, say })).rejects.toThrow(
      /^The rows are restored; what has to follow failed: [^]*\nBefore any process starts, run "npm run rollcall -- after-restore"/,
    );
    await expect(checkDatabase(admin, keys)).rejects.toMatchObject({ code: 'database_restored' });
    await admin.query('DROP SCHEMA bullmq');
    await runAction('after-restore', { config: configOf(into), env: {}, values: {}, say, note: say });
    await expect(checkDatabase(admin, keys)).resolves.toBeUndefined();
    await admin.query("UPDATE installation SET system_identifier = '7000000000000000000'");
    const told: string[] = [];
    const values = { 'keep-epochs': true, json: true };
    await runAction('after-restore', {
      config: configOf(into),
      env: {},
      values,
      say: (line) => void told.push(line),
      note: say,
    });
    expect(told).toEqual(['{"epochs_kept":true}']);
    expect(await describeMove(admin)).toBeNull();
  });
});
