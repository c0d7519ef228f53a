import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { entities } from './entities';
import { migrateDatabase } from './migrate-database';
import { buildDirectory, createGroup, createUser } from '@rollcall/test-builders';

let database: TestDatabase;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

describe('schema', () => {
  it('is the one that the entities describe', async () => {
    const owner = await createDataSource({ url: database.ownerUrl }).initialize();
    const { upQueries } = await owner.driver.createSchemaBuilder().log();
    await owner.destroy();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('is left alone by a second migration, also when several start at once', async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrateDatabase({ ownerUrl: database.ownerUrl })));
    expect(applied).toEqual([[], [], []]);
  });

  it('goes down to nothing and up again', async () => {
    const fresh = await createTestDatabase({ migrate: migrateDatabase });
    const owner = await createDataSource({ url: fresh.ownerUrl, poolSize: 1 }).initialize();
    for (const _ of owner.migrations) await owner.undoLastMigration();
    const left = await owner.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    );
    expect(left).toEqual([{ name: 'migrations' }]);
    expect((await migrateDatabase({ ownerUrl: fresh.ownerUrl })).length).toBe(owner.migrations.length);
    await owner.destroy();
    await fresh.drop();
  });
});

describe('row-level security', () => {
  it('shows the runtime role nothing of any table while no tenant is set', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    const userId = await createUser(app, directory, 'ann@acme.test');
    await createGroup(app, directory, 'Admins', [userId]);
    for (const { tableName } of entities.map((entity) => app.getMetadata(entity))) {
      expect(await app.query(`SELECT 1 FROM ${tableName} LIMIT 1`), tableName).toEqual([]);
    }
    for (const table of ['audit_log', 'events', 'deliveries', 'delivery_attempts']) {
      expect(await app.query(`SELECT 1 FROM ${table} LIMIT 1`), table).toEqual([]);
    }
  });

  it('shows and lets write only the rows of the tenant that is set', async () => {
    const [mine, other] = [await buildDirectory(database.ownerUrl), await buildDirectory(database.ownerUrl)];
    await createUser(app, mine, 'ann@acme.test');
    await createUser(app, other, 'bob@globex.test');
    await app.transaction(async (manager) => {
      await manager.query(`SELECT set_config('rollcall.directory_id', $1, true)`, [mine.directoryId]);
      const users = await manager.query<{ directory_id: string }[]>('SELECT directory_id FROM directory_users');
      expect(users).toEqual([{ directory_id: mine.directoryId }]);
      const [, deleted] = await manager.query<[unknown[], number]>(
        'DELETE FROM directory_users WHERE directory_id = $1',
        [other.directoryId],
      );
      expect(deleted).toBe(0);
      await expect(
        manager.query(
          `INSERT INTO memberships (directory_id, group_id, member_id, member_type) VALUES ($1, 'g', 'u', 'User')`,
          [other.directoryId],
        ),
      ).rejects.toThrow(/row-level security/);
    });
  });

  it('keeps the runtime role from owning, bypassing or creating anything', async () => {
    const [role] = await app.query<{ rolsuper: boolean; rolbypassrls: boolean; owned: string }[]>(
      `SELECT r.rolsuper, r.rolbypassrls, (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid) AS owned
       FROM pg_roles r WHERE r.rolname = current_user`,
    );
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, owned: '0' });
    await expect(app.query('CREATE TABLE public.intruder ()')).rejects.toThrow(/permission denied/);
  });
});
