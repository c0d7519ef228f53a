import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { checkDatabaseVersion, OWN_VERSION } from './database-version';
import { bringUpToDate, migrateDatabase } from './migrate-database';
import { readFunctions } from './read-functions';
import type { SqlFunction } from './read-functions';

const functions = readFunctions();
const [before, own, next, afterNext] = [-1, 0, 1, 2].map((more) => OWN_VERSION.version + more) as [
  number,
  number,
  number,
  number,
];

let database: TestDatabase;
let owner: DataSource;

beforeEach(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  owner = await createDataSource({ url: database.ownerUrl, poolSize: 1 }).initialize();
});

afterEach(async () => {
  await owner.destroy();
  await database.drop();
});

/** What stands between the dollar signs of each function's file. */
function bodiesOf(files: ReadonlyMap<string, SqlFunction>): Record<string, string> {
  return Object.fromEntries([...files.values()].map(({ name, text }) => [name, text.split('$$')[1] ?? '']));
}

async function installedBodies(): Promise<Record<string, string>> {
  const rows = await owner.query<{ name: string; body: string }[]>(
    `SELECT proname AS name, prosrc AS body FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
  );
  return Object.fromEntries(rows.map(({ name, body }) => [name, body]));
}

function without(name: string): ReadonlyMap<string, SqlFunction> {
  return new Map([...functions].filter(([other]) => other !== name));
}

function withFunction(name: string, text: string): ReadonlyMap<string, SqlFunction> {
  return new Map([...functions, [name, { name, text, parameterTypes: [] }]]);
}

const ANSWER = (parameters: string, answer: number) =>
  `-- For this test.\nCREATE OR REPLACE FUNCTION answer(${parameters})\nRETURNS integer\nLANGUAGE sql\nAS $$\nSELECT ${answer}\n$$;\n`;

describe('the functions of a database are those of the files', () => {
  it('when it is new, and when its tables went down and up again', async () => {
    expect(await installedBodies()).toEqual(bodiesOf(functions));
    for (const _ of owner.migrations) await owner.undoLastMigration();
    expect(await installedBodies()).toEqual({});
    await migrateDatabase({ ownerUrl: database.ownerUrl });
    expect(await installedBodies()).toEqual(bodiesOf(functions));
  });

  it('after an upgrade from other definitions, however they came there', async () => {
    await bringUpToDate(owner, withFunction('answer', ANSWER('', 41)), { ...OWN_VERSION, version: next });
    // Of an earlier file, by hand, and lost.
    await owner.query(`UPDATE sql_functions SET sha256 = 'earlier' WHERE name = 'scim_load_user'`);
    await owner.query(`CREATE OR REPLACE FUNCTION ulid_time(p_id text) RETURNS timestamptz
      LANGUAGE sql IMMUTABLE AS 'SELECT now()'`);
    await owner.query('DROP FUNCTION scim_enter');
    const files = withFunction('answer', ANSWER('', 42));
    await bringUpToDate(owner, files, { ...OWN_VERSION, version: afterNext });
    expect(await installedBodies()).toEqual(bodiesOf(files));
  });

  it('with the rights that all of them have: the application calls them, nobody else', async () => {
    await owner.query('REVOKE EXECUTE ON FUNCTION scim_enter FROM rollcall_app');
    await owner.query('GRANT EXECUTE ON FUNCTION ulid_time TO public');
    await migrateDatabase({ ownerUrl: database.ownerUrl });
    const rights = await owner.query<{ rights: string }[]>(
      `SELECT DISTINCT (SELECT string_agg(coalesce(r.rolname, 'public'), ' ') FROM aclexplode(p.proacl) a
         LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE a.grantee <> p.proowner) AS rights
       FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace`,
    );
    expect(rights).toEqual([{ rights: 'rollcall_app' }]);
  });

  it('or what they were, all of them, when one cannot be applied', async () => {
    await owner.query('DROP FUNCTION ulid_time');
    const broken = withFunction('answer', ANSWER('p_of no_such_type', 42));
    await expect(bringUpToDate(owner, broken, { ...OWN_VERSION, version: next })).rejects.toThrow(/no_such_type/);
    expect(Object.keys(await installedBodies())).toHaveLength(functions.size - 1);
    await checkDatabaseVersion(owner, { version: own });
  });

  it('and none has a second signature', async () => {
    await bringUpToDate(owner, withFunction('answer', ANSWER('', 42)), { ...OWN_VERSION, version: next });
    const second = withFunction('answer', ANSWER('p_of text', 43));
    await expect(bringUpToDate(owner, second, { ...OWN_VERSION, version: afterNext })).rejects.toThrow(/not unique/);
  });
});

describe('a function that the files no longer name', () => {
  const hasFunction = async () => 'scim_enter' in (await installedBodies());

  it('stays with the version that stops naming it, also when it is applied twice', async () => {
    for (let time = 0; time < 2; time += 1) {
      await bringUpToDate(owner, without('scim_enter'), { version: next, oldestServed: next });
      expect(await hasFunction()).toBe(true);
    }
  });

  it('goes with the version after, unless that still serves processes that call it', async () => {
    await bringUpToDate(owner, without('scim_enter'), { version: next, oldestServed: own });
    await bringUpToDate(owner, without('scim_enter'), { version: afterNext, oldestServed: own });
    expect(await hasFunction()).toBe(true);
    await bringUpToDate(owner, without('scim_enter'), { version: afterNext, oldestServed: next });
    expect(await hasFunction()).toBe(false);
  });

  it('stays when a later version names it again', async () => {
    await bringUpToDate(owner, without('scim_enter'), { version: next, oldestServed: own });
    await bringUpToDate(owner, functions, { version: afterNext, oldestServed: next });
    await bringUpToDate(owner, without('scim_enter'), { version: afterNext + 1, oldestServed: afterNext + 1 });
    expect(await hasFunction()).toBe(true);
  });
});

describe('during an upgrade', () => {
  it('an older program that is still served runs, and its migrate takes nothing back', async () => {
    const newer = withFunction('answer', ANSWER('', 42));
    await bringUpToDate(owner, newer, { version: next, oldestServed: own });
    expect(await bringUpToDate(owner, functions, { version: own, oldestServed: before })).toEqual([]);
    expect(await installedBodies()).toEqual(bodiesOf(newer));
    await checkDatabaseVersion(owner, { version: own });
    await checkDatabaseVersion(owner, { version: next });
  });

  it('an older program that is no longer served is refused, when it starts and when it migrates', async () => {
    await bringUpToDate(owner, functions, { version: next, oldestServed: next });
    const refusal = /serves programs from version \d+ on, this one is of version \d+: start the newer Rollcall/;
    await expect(checkDatabaseVersion(owner, { version: own })).rejects.toThrow(refusal);
    await expect(bringUpToDate(owner, functions, OWN_VERSION)).rejects.toThrow(refusal);
  });

  it('a newer program that starts before the database was brought up to date says what to run', async () => {
    await expect(checkDatabaseVersion(owner, { version: next })).rejects.toThrow(
      `The database is at version ${own} and this Rollcall needs version ${next}: run "npm run rollcall -- migrate".`,
    );
    const empty = await createTestDatabase();
    const other = await createDataSource({ url: empty.ownerUrl, poolSize: 1 }).initialize();
    await expect(checkDatabaseVersion(other)).rejects.toThrow('not set up');
    await other.destroy();
    await empty.drop();
  });

  it('the application reads the version with its own rights', async () => {
    const app = await createDataSource({ url: database.appUrl, role: database.appRole, poolSize: 1 }).initialize();
    await expect(checkDatabaseVersion(app)).resolves.toBeUndefined();
    await app.destroy();
  });
});

it('refuses a database from before the baseline with one sentence that says what to do', async () => {
  const old = await createTestDatabase();
  const other = await createDataSource({ url: old.ownerUrl, poolSize: 1 }).initialize();
  await other.query('CREATE TABLE migrations (id serial PRIMARY KEY, timestamp bigint NOT NULL, name text NOT NULL)');
  await other.query(`INSERT INTO migrations (timestamp, name) VALUES (1790000000000, 'CreateTables1790000000000')`);
  await other.destroy();
  await expect(migrateDatabase({ ownerUrl: old.ownerUrl })).rejects.toThrow(
    /from before the first release and cannot be brought up to date: start with an empty one/,
  );
  await old.drop();
});
