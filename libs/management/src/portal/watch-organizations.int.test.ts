import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { buildDirectory } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { asOperator } from '../audit/record-change';
import { issueDirectorySecret } from '../secrets/issue-directory-secret';
import { readLiveMarks } from './watch-organizations';

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
});

beforeEach(async () => {
  directory = await buildDirectory(database.ownerUrl);
});

afterAll(async () => {
  await app?.destroy();
  await database.drop();
});

async function readMark(): Promise<string | undefined> {
  const marks = await readLiveMarks(app, [directory]);
  return marks.get(directory.organizationId)?.get(directory.directoryId);
}

/** Notes that a token is used; it is seen when `until` resolves. */
function use(secretId: string, until: () => Promise<unknown> = () => Promise.resolve()): Promise<unknown> {
  return tenantTransaction(app, directory, async (manager) => {
    await manager.query('UPDATE directory_secrets SET last_used_time = now() WHERE directory_id = $1 AND id = $2', [
      directory.directoryId,
      secretId,
    ]);
    await until();
  });
}

describe('the mark of a directory', () => {
  it('stays while nothing of it changes', async () => {
    expect(await readMark()).toBe(await readMark());
  });

  it('becomes another one with each change of its tokens, in whichever order they end that began together', async () => {
    const hasher = { hashGenerated: () => 'hash of it' };
    const { secret } = await issueDirectorySecret(asOperator(app), hasher, directory, {});
    const before = await readMark();
    let between: string | undefined;
    await use(directory.secretId, async () => {
      await use(secret.id);
      between = await readMark();
    });
    expect(new Set([before, between, await readMark()]).size).toBe(3);
  });
});
