import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { buildDirectory } from '@rollcall/test-builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFUSAL_REASONS, TOKEN_REFUSALS } from '@rollcall/contract';
import type { RefusalReason } from '@rollcall/contract';
import { createDataSource, Directory, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { writeRefusals } from './write-refusals';

let database: TestDatabase;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

const isTokenRefusal = (reason: RefusalReason) => TOKEN_REFUSALS.some((known) => known === reason);

/** Whether the first refusal of a directory, for this reason, begins a streak that the next accepted token ends. */
async function beginsStreak(reason: RefusalReason): Promise<boolean> {
  const { environmentId, directoryId } = await buildDirectory(database.ownerUrl);
  const time = new Date();
  const times = { firstTime: time, lastTime: time };
  await writeRefusals(app, [{ directoryId, reason, status: 400, scimType: null, isToken: true, count: 1, ...times }]);
  const { refusedSince } = await tenantTransaction(app, { environmentId, directoryId }, (manager) =>
    manager.findOneByOrFail(Directory, { environmentId, id: directoryId }),
  );
  return refusedSince !== null;
}

describe('refusals of a token', () => {
  it.each(REFUSAL_REASONS)('are the same in the database as everywhere else: %s', async (reason) => {
    const [row] = await app.query<{ is: boolean }[]>('SELECT is_token_refusal($1) AS "is"', [reason]);
    expect(row?.is).toBe(isTokenRefusal(reason));
  });

  // Of too many attempts nobody has looked at the token: they may be a stranger's.
  it.each(REFUSAL_REASONS)('begin a streak when the token was looked at: %s', async (reason) => {
    expect(await beginsStreak(reason)).toBe(isTokenRefusal(reason) && reason !== 'too_many_attempts');
  });
});
