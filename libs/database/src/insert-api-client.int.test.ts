import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { ApiClient, ApiClientSecret } from './entities';
import { migrateDatabase } from './migrate-database';

let database: TestDatabase;
let owner: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
});

afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

const hasSecrets = async () =>
  (await owner.query<{ found: string | null }[]>(`SELECT to_regclass('public.api_client_secrets') AS found`))[0]?.found;

it('lets a client of the version before go on with its secret, all scopes and every organization', async () => {
  while (await hasSecrets()) await owner.undoLastMigration();
  await owner.query(`INSERT INTO environments (id, name) VALUES ('e', 'Old')`);
  await owner.query(
    `INSERT INTO api_clients (environment_id, id, client_id, secret_hash) VALUES ('e', 'c', 'acme', 'hash')`,
  );
  await migrateDatabase({ ownerUrl: database.ownerUrl });
  expect(await owner.query(`SELECT * FROM find_api_client_secret('acme', NULL)`)).toEqual([
    { environment_id: 'e', api_client_id: 'c', secret_id: 'c', secret_hash: 'hash' },
  ]);
  expect(await owner.query(`SELECT scopes, organization_id FROM admit_api_client('acme', NULL)`)).toEqual([
    { scopes: ['read', 'write'], organization_id: null },
  ]);
});

it('tells a program of the version before the newest secret, and that a client was revoked', async () => {
  const find = () => owner.query(`SELECT secret_hash, revoked FROM find_api_client('acme')`);
  await owner.manager.insert(ApiClientSecret, {
    environmentId: 'e',
    apiClientId: 'c',
    id: 'd',
    secretHash: 'new',
    keyHash: null,
  });
  await owner.query(`UPDATE api_client_secrets SET expire_time = now() WHERE id = 'c'`);
  expect(await find()).toEqual([{ secret_hash: 'new', revoked: false }]);
  await owner.manager.update(ApiClient, { id: 'c' }, { revokedTime: () => 'now()' });
  expect(await find()).toEqual([{ secret_hash: 'new', revoked: true }]);
  expect(await owner.query(`SELECT 1 FROM admit_api_client('acme', 'd')`)).toEqual([]);
});
