import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { entities } from './entities';
import { migrateDatabase } from './migrate-database';
import { forceRowSecurity } from './force-row-security';
import { tenantTransaction } from './tenant-transaction';
import { buildDirectory, createGroup, createUser, seedEvents } from '@rollcall/test-builders';

/** Where organizations live; read by SQL. */
const OF_CELLS = ['placements', 'directory_placements', 'past_placements', 'moving_rows'];

/** What members of the dashboard have; read by SQL. */
const OF_MEMBERS = [
  'members',
  'member_credentials',
  'member_roles',
  'member_invitations',
  'member_sessions',
  'pending_sign_ins',
  'member_recovery_codes',
  'member_passkeys',
  'single_sign_on',
  'member_identities',
];

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
    const ofRequests = ['scim_requests', 'scim_request_packs', 'scim_request_keys'];
    const withoutEntity = [
      'audit_log',
      'events',
      'deliveries',
      'delivery_attempts',
      ...ofRequests,
      ...OF_MEMBERS,
      ...OF_CELLS,
    ];
    for (const table of withoutEntity) {
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

  it('shows no row of a directory of another environment, whose id was only asked for', async () => {
    const [mine, other] = [await buildDirectory(database.ownerUrl), await buildDirectory(database.ownerUrl)];
    for (const directory of [mine, other]) await createUser(app, directory, 'ann@acme.test');
    const tenant = (directoryId: string) => ({ environmentId: mine.environmentId, directoryId });
    const count = (directoryId: string) =>
      tenantTransaction(app, tenant(directoryId), (manager) =>
        manager.query('SELECT directory_id FROM directory_users'),
      );
    expect(await count(mine.directoryId)).toEqual([{ directory_id: mine.directoryId }]);
    expect(await count(other.directoryId)).toEqual([]);
  });

  it('has the tenant set by the functions that take a credential, and by the one that checks the directory', async () => {
    const setting = await app.query<{ name: string }[]>(
      `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       AND prosrc ~ 'set_config\\(''rollcall.directory_id'', [^'']' AND prosrc !~ 'authorize_directory_secret' ORDER BY 1`,
    );
    // The second is called for a token that was admitted.
    expect(setting.map(({ name }) => name)).toEqual(['enter_tenant', 'scim_learn_attributes']);
  });
});

describe('row-level security for the owner', () => {
  /** A session of the owner as any program has it that is given that login. */
  async function asOwner<T>(work: (owner: DataSource) => Promise<T>, ...settings: string[]): Promise<T> {
    const owner = await createDataSource({ url: database.ownerUrl, poolSize: 1 }).initialize();
    for (const setting of settings) await owner.query(setting);
    return work(owner).finally(() => owner.destroy());
  }

  it('is forced on every table that the runtime role may read and on every partition', async () => {
    const open = await app.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
       AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname`,
    );
    expect(open.map(({ name }) => name)).toEqual(['database_version', 'installation', 'migrations', 'sql_functions']);
  });

  it('shows a session with its login no row of any table, also after SET ROLE and in a partition', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    await createUser(app, directory, 'ann@acme.test');
    await seedEvents(app, directory, { from: 1, to: 2 });
    const tables = await app.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity`,
    );
    for (const settings of [[], ['SET ROLE rollcall_owner']]) {
      await asOwner(
        async (owner) => {
          for (const { name } of tables) expect(await owner.query(`SELECT 1 FROM ${name} LIMIT 1`), name).toEqual([]);
          expect(await owner.query('SELECT * FROM find_directory_tenant($1)', [directory.directoryId])).toEqual([]);
        },
        ...settings,
      );
    }
  });

  it('leaves it what runs with its rights for the application, and a session that says that it works on every tenant', async () => {
    const { directoryId, environmentId, organizationId } = await buildDirectory(database.ownerUrl);
    const tenant = [{ environment_id: environmentId, organization_id: organizationId }];
    const find = (dataSource: DataSource) => dataSource.query('SELECT * FROM find_directory_tenant($1)', [directoryId]);
    expect(await find(app)).toEqual(tenant);
    expect(await asOwner(find, 'SET rollcall.every_tenant = on')).toEqual(tenant);
  });

  it('comes to the tables that a later migration makes, and does nothing when all have it', async () => {
    await asOwner(async (owner) => {
      await owner.query('CREATE TABLE later (directory_id text)');
      await owner.query('ALTER TABLE later ENABLE ROW LEVEL SECURITY');
      await owner.query(`INSERT INTO later VALUES ('d')`);
      await forceRowSecurity(owner);
      expect(await owner.query('SELECT * FROM later')).toEqual([]);
      const policies = `SELECT oid FROM pg_policy ORDER BY oid`;
      const before = await owner.query<unknown[]>(policies);
      await forceRowSecurity(owner);
      expect(await owner.query(policies)).toEqual(before);
      await owner.query('DROP TABLE later');
    });
  });
});
