import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { gunzipSync, gzipSync } from 'node:zlib';
import { createTestDatabase, newSecretKey } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { buildDirectory, createGroup, createUser, seedEvents } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapDatabase } from '../bootstrap-database';
import { checkRestored } from '../check-restored';
import { createDataSource, DataSource, dataSourceOptions } from '../connect-database';
import { OWN_VERSION } from '../database-version';
import { migrateDatabase } from '../migrate-database';
import { migrations } from '../migrations';
import { readServerIdentity } from '../server-identity';
import { readBackup, restoreBackup } from './restore-backup';
import { writeBackup } from './write-backup';

let database: TestDatabase;
let admin: DataSource;
let app: DataSource;
let directory: BuiltDirectory;
let whole: Buffer;

const connect = (url: string) => createDataSource({ url, poolSize: 2 }).initialize();

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  admin = await connect(database.adminUrl);
  app = await connect(database.appUrl);
  await bootstrapDatabase({
    ownerUrl: database.ownerUrl,
    keys: { secretKey: Buffer.from(newSecretKey(), 'base64') },
  });
  directory = await buildDirectory(database.ownerUrl);
  for (let user = 1; user <= 20; user += 1) {
    // What COPY has to escape.
    await createUser(app, directory, `back\\slash\t${user}\\.@acme.test`);
  }
  await createGroup(app, directory, 'Ünï "quoted" \\N');
  await seedEvents(app, directory, { from: 1, to: 50 });
  // An older week than a new database has.
  await admin.query(
    `CREATE TABLE events_20200106 PARTITION OF events FOR VALUES FROM ('01dxv00000') TO ('01dyd00000');
     ALTER TABLE events_20200106 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
  );
  await admin.query(
    `UPDATE environments SET default_member_role = NULL; INSERT INTO roles (environment_id, role_name, role_key, display_name)
     SELECT id, 'admin', 'admin', 'Admin' FROM environments; UPDATE environments SET default_member_role = 'admin'`,
  );
  whole = await backUp();
});

afterAll(async () => {
  await Promise.all([admin.destroy(), app.destroy()]);
  await database.drop();
});

async function backUp(): Promise<Buffer> {
  const output = new PassThrough({ highWaterMark: 1024 });
  const [written] = await Promise.all([buffer(output), writeBackup({ ownerUrl: database.ownerUrl, output })]);
  return written;
}

async function restore(into: TestDatabase, bytes: Buffer) {
  const backup = await readBackup(() => Readable.from([bytes]));
  return restoreBackup({ ownerUrl: into.ownerUrl, appUrl: into.appUrl, backup });
}

/** Every row of every table, as one checksum each. */
async function readRows(of: DataSource): Promise<Record<string, string>> {
  const tables = await of.query<{ name: string }[]>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
       AND NOT relispartition AND relpersistence = 'p' AND relname NOT IN ('migrations', 'database_version', 'sql_functions') ORDER BY 1`,
  );
  const rows: Record<string, string> = {};
  for (const { name } of tables) {
    const [table] = await of.query<{ sum: string }[]>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(r, ',' ORDER BY r)), '') AS sum FROM (SELECT t::text AS r FROM "${name}" t) x`,
    );
    rows[name] = table?.sum ?? '';
  }
  return rows;
}

/** Tables, columns, constraints, indexes, policies, rights and functions. */
async function readSchema(of: DataSource): Promise<string[]> {
  const lines = await of.query<{ line: string }[]>(`
    SELECT 'column ' || attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || attnotnull AS line
      FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'policy ' || tablename || policyname || roles::text || coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies
    UNION ALL SELECT 'function ' || proname || md5(pg_get_functiondef(oid)) || proacl::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'table ' || relname || relkind::text || relrowsecurity || (relforcerowsecurity OR relispartition) || coalesce(relacl::text, '')
      FROM pg_class WHERE relnamespace = 'public'::regnamespace
    ORDER BY 1`);
  return lines.map(({ line }) => line);
}

async function withNewDatabase(work: (into: TestDatabase) => Promise<void>): Promise<void> {
  const into = await createTestDatabase();
  try {
    await work(into);
  } finally {
    await into.drop();
  }
}

async function countTables(into: TestDatabase): Promise<number> {
  const there = await connect(into.adminUrl);
  const [row] = await there.query<{ count: string }[]>(
    `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
  );
  await there.destroy();
  return Number(row?.count);
}

describe('a restored database', () => {
  it('has every row, every object and every right of the one that was backed up, and goes on where it was', async () => {
    await withNewDatabase(async (into) => {
      const report = await restore(into, whole);
      expect(report).toMatchObject({ version: OWN_VERSION.version, migrated: [] });
      const there = await connect(into.adminUrl);
      // It may be served when its epochs are raised, which `settleRestore` does.
      await expect(checkRestored(there)).rejects.toMatchObject({ code: 'database_restored' });
      await there.query('UPDATE installation SET system_identifier = $1', [await readServerIdentity(admin)]);
      const expected = await readRows(admin);
      expect(await readRows(there)).toEqual(expected);
      expect(Object.values(expected).filter((sum) => !sum.startsWith('0 ')).length).toBeGreaterThan(8);
      expect(await readSchema(there)).toEqual(await readSchema(admin));
      // The next change has the next number.
      const last = `SELECT last_value::text AS last FROM changes_id_seq`;
      expect(await there.query(last)).toEqual(await admin.query(last));
      const appThere = await connect(into.appUrl);
      await createUser(appThere, directory, 'new@acme.test');
      await Promise.all([there.destroy(), appThere.destroy()]);
    });
  });

  it('is as the other was at one moment, while users are being written', async () => {
    const counts = async (of: DataSource) => {
      const [row] = await of.query<{ users: string; changes: string }[]>(
        'SELECT (SELECT count(*) FROM directory_users) AS users, (SELECT count(*) FROM changes) AS changes',
      );
      return { users: Number(row?.users), changes: Number(row?.changes) };
    };
    const before = await counts(admin);
    let isWriting = true;
    const writing = (async () => {
      for (let user = 1; isWriting; user += 1) await createUser(app, directory, `during${user}@acme.test`);
    })();
    const during = await backUp().finally(() => (isWriting = false));
    await writing;
    const after = await counts(admin);
    await withNewDatabase(async (into) => {
      await restore(into, during);
      const there = await connect(into.adminUrl);
      const restored = await counts(there);
      await there.destroy();
      // Each user is one change in one transaction.
      expect(restored.changes - before.changes).toBe(restored.users - before.users);
      expect(restored.users).toBeGreaterThanOrEqual(before.users);
      expect(restored.users).toBeLessThan(after.users);
    });
  });

  it('is brought to the tables of this program when the backup is of older ones', async () => {
    await withNewDatabase(async (old) => {
      // What an earlier program had made: the tables before requests were packed, a week of a log, and rows.
      const since = migrations.findIndex(({ name }) => name.startsWith('PackScimRequests'));
      const options = dataSourceOptions({ url: old.ownerUrl, everyTenant: true, poolSize: 1 });
      const earlier = await new DataSource({ ...options, migrations: migrations.slice(0, since) }).initialize();
      await earlier.runMigrations();
      await earlier.query('INSERT INTO database_version (version, oldest_served) VALUES ($1, 1)', [
        OWN_VERSION.version - 1,
      ]);
      await earlier.query(
        `CREATE TABLE scim_requests_20200106 PARTITION OF scim_requests FOR VALUES FROM ('01dxv00000') TO ('01dyd00000')`,
      );
      await earlier.query(`INSERT INTO environments (id, name) VALUES ('01arz3ndektsv4rrffq69g5fav', 'Old')`);
      await earlier.destroy();
      const output = new PassThrough();
      const [bytes] = await Promise.all([buffer(output), writeBackup({ ownerUrl: old.ownerUrl, output })]);
      await withNewDatabase(async (into) => {
        const report = await restore(into, bytes);
        expect(report.migrated).toEqual(migrations.slice(since).map(({ name }) => name));
        const there = await connect(into.adminUrl);
        expect(await there.query('SELECT name FROM environments')).toEqual([{ name: 'Old' }]);
        const policies = async (of: DataSource) => (await readSchema(of)).filter((line) => line.startsWith('policy'));
        expect(await policies(there)).toEqual(await policies(admin));
        expect(await readSchema(there)).toContainEqual(expect.stringMatching(/^table scim_request_packs_20200106r/));
        await there.destroy();
      });
    });
  });
});

describe('a restore leaves nothing behind when it refuses', () => {
  const changedAt = (bytes: Buffer, position: number) => {
    const changed = Buffer.from(bytes);
    changed[position] = (changed[position] ?? 0) ^ 0x55;
    return changed;
  };
  /** Of the same content as a whole, but for one edit: gzip itself finds nothing wrong with it. */
  const edited = (edit: (text: string) => string) =>
    gzipSync(Buffer.from(edit(gunzipSync(whole).toString('latin1')), 'latin1'));

  it.each<[string, () => Buffer, string]>([
    ['a backup that was cut off', () => whole.subarray(0, whole.length - 9), 'backup_damaged'],
    ['half a backup', () => whole.subarray(0, whole.length / 2), 'backup_damaged'],
    ['a backup with one changed byte', () => changedAt(whole, Math.floor(whole.length / 2)), 'backup_damaged'],
    [
      'an edited backup',
      () => edited((text) => text.replace('during', 'later!').replace('@acme', '@evil')),
      'backup_damaged',
    ],
    ['two backups in one file', () => Buffer.concat([whole, whole]), 'backup_damaged'],
    ['another file', () => randomBytes(4096), 'backup_damaged'],
    ['an empty file', () => Buffer.alloc(0), 'backup_damaged'],
    ['another compressed file', () => gzipSync('hello\nthere\n'), 'backup_damaged'],
  ])('%s', async (_, bytes, code) => {
    await withNewDatabase(async (into) => {
      await expect(restore(into, bytes())).rejects.toMatchObject({ code });
      expect(await countTables(into)).toBe(0);
    });
  });

  it('a database that has tables already', async () => {
    const before = await readRows(admin);
    await expect(restore(database, whole)).rejects.toMatchObject({ code: 'database_not_empty' });
    expect(await readRows(admin)).toEqual(before);
  });

  it('a login that comes through a pooler and has no settings of its own, which it asks for', async () => {
    await withNewDatabase(async (into) => {
      const { ownerUrl, appUrl } = into;
      const backup = await readBackup(() => Readable.from([whole]));
      const message = /^With DATABASE_DIRECT_URL the login "rollcall_app" needs settings of its own/;
      const restoring = restoreBackup({ ownerUrl, appUrl, isPooled: true, backup });
      await expect(restoring).rejects.toMatchObject({
        code: 'app_role_missing',
        message: expect.stringMatching(message) as string,
      });
      expect(await countTables(into)).toBe(0);
    });
  });

  it('a backup of a newer Rollcall', async () => {
    await withNewDatabase(async (newer) => {
      await migrateDatabase({ ownerUrl: newer.ownerUrl });
      const there = await createDataSource({ url: newer.ownerUrl, poolSize: 1 }).initialize();
      await there.query('UPDATE database_version SET version = version + 1');
      await there.destroy();
      const output = new PassThrough();
      const [bytes] = await Promise.all([buffer(output), writeBackup({ ownerUrl: newer.ownerUrl, output })]);
      await withNewDatabase(async (into) => {
        await expect(restore(into, bytes)).rejects.toMatchObject({ code: 'backup_too_new' });
        expect(await countTables(into)).toBe(0);
      });
    });
  });

  it('rows that PostgreSQL does not take, which nothing was wrong with before', async () => {
    await withNewDatabase(async (broken) => {
      await migrateDatabase({ ownerUrl: broken.ownerUrl });
      const there = await connect(broken.adminUrl);
      await there.query('ALTER TABLE environments DROP CONSTRAINT environments_pkey CASCADE');
      await there.query(
        `INSERT INTO environments (id, name) SELECT '01arz3ndektsv4rrffq69g5fav', 'Twice' FROM generate_series(1, 2)`,
      );
      await there.destroy();
      const output = new PassThrough();
      const [bytes] = await Promise.all([buffer(output), writeBackup({ ownerUrl: broken.ownerUrl, output })]);
      await withNewDatabase(async (into) => {
        await expect(restore(into, bytes)).rejects.toThrow('environments_pkey');
        expect(await countTables(into)).toBe(0);
      });
    });
  });
});

describe('a backup is refused', () => {
  it('as another login than the owner, which would see no rows', async () => {
    const output = new PassThrough();
    await expect(writeBackup({ ownerUrl: database.appUrl, output })).rejects.toMatchObject({ code: 'not_owner' });
  });

  it('of a database in which the owner is behind a policy that shows nothing', async () => {
    await withNewDatabase(async (hidden) => {
      await migrateDatabase({ ownerUrl: hidden.ownerUrl });
      const there = await connect(hidden.adminUrl);
      await there.query('DROP POLICY owner ON organizations');
      await there.destroy();
      const output = new PassThrough();
      await expect(writeBackup({ ownerUrl: hidden.ownerUrl, output })).rejects.toThrow(
        'hides the rows of organizations',
      );
    });
  });

  it('of a database without tables', async () => {
    await withNewDatabase(async (empty) => {
      const output = new PassThrough();
      await expect(writeBackup({ ownerUrl: empty.ownerUrl, output })).rejects.toMatchObject({
        code: 'not_bootstrapped',
      });
    });
  });
});
