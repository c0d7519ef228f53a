import { randomBytes } from 'node:crypto';
import { createSealer } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { bootstrapDatabase } from './bootstrap-database';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';
import { openSecretPepper } from './open-secret-pepper';
import { rotateSecretKey } from './rotate-secret-key';

const secretKey = randomBytes(32);
const sealer = createSealer({ secretKey });
let database: TestDatabase;
let owner: DataSource;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys: { secretKey } });
  owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
});

beforeEach(() => owner.query('UPDATE installation SET sealed_pepper = NULL'));

afterAll(async () => {
  await Promise.all([owner.destroy(), app.destroy()]);
  await database.drop();
});

it('is made once for all processes of a database that had none', async () => {
  const opened = await Promise.all([1, 2, 3, 4].map(() => openSecretPepper(app, sealer)));
  expect(new Set(opened.map((pepper) => pepper.toString('hex'))).size).toBe(1);
  expect(opened[0]).toHaveLength(32);
  expect(await openSecretPepper(owner, sealer)).toEqual(opened[0]);
});

it('is stored sealed by the secret key, and stays the same when another key seals it', async () => {
  const pepper = await openSecretPepper(app, sealer);
  const [row] = await owner.query<{ sealed_pepper: string }[]>('SELECT sealed_pepper FROM installation');
  expect(row?.sealed_pepper).not.toContain(pepper.toString('base64'));
  const next = { secretKey: randomBytes(32) };
  await expect(openSecretPepper(app, createSealer(next))).rejects.toMatchObject({ code: 'unsealable' });
  const keys = { ...next, previousSecretKeys: [secretKey] };
  expect((await rotateSecretKey({ ownerUrl: database.ownerUrl, keys })).resealed.secretPepper).toBe(1);
  expect(await openSecretPepper(app, createSealer(next))).toEqual(pepper);
});

it('is not replaced by a process that comes later', async () => {
  const pepper = await openSecretPepper(app, sealer);
  await app.query('SELECT keep_sealed_pepper($1)', [sealer.seal('another', 'secretPepper', 'true')]);
  expect(await openSecretPepper(app, sealer)).toEqual(pepper);
});
