import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { Client } from 'pg';
import type { QueryResultRow } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from './index';
import { TABLE_CLASSES } from './table-classes';

/** Tables of which a row is a tenant: its id is the key. */
const TENANTS = ['environments', 'members'];

/** By these somebody is looked up who says nothing but a secret or a public name: which tenant it is, is what they find. */
const LOOKED_UP = [
  'api_client_secrets_id',
  'api_clients_client_id',
  'directory_aliases_alias',
  'hand_overs_page_hash',
  'hand_overs_token_hash',
  'member_invitations_token_hash',
  'member_passkeys_credential_id',
  'member_sessions_token_hash',
  'members_email_key',
  'pending_sign_ins_token_hash',
  'portal_links_token_hash',
  'portal_logos_id',
  'portal_sessions_token_hash',
];

/** Foreign keys between an environment and its people. */
const BETWEEN_TENANTS = [
  'member_identities_member_id_fkey',
  'member_roles_member_id_fkey',
  'member_sessions_environment_id_fkey',
];

/** The tenant's secrets are found with their directory. */
const OF_ANOTHER_CLASS = ['directory_secrets_environment_id_directory_id_fkey'];

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  client = new Client(database.ownerUrl);
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await database?.drop();
});

const ROOT_TABLES = `c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`;

async function read<Row extends QueryResultRow>(sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows;
}

const classes = Object.values(TABLE_CLASSES);

function keyOf(table: string): string | null {
  if (TENANTS.includes(table)) return 'id';
  const known = classes.find(({ tables }) => (tables as readonly string[]).includes(table));
  if (!known) throw new Error(`${table} is in no class: name it in table-classes.ts`);
  return known.column;
}

describe('the tables of the database', () => {
  it('are each of one class', async () => {
    const tables = await read<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c WHERE ${ROOT_TABLES} ORDER BY 1`,
    );
    const named = classes.flatMap(({ tables: names }) => [...names]);
    expect(tables.map(({ name }) => name)).toEqual(named.toSorted());
  });

  it('have the key of their tenant in every row', async () => {
    const columns = await read<{ name: string; columns: string[] }>(
      `SELECT c.relname AS name, array_agg(a.attname::text) AS columns FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attnotnull WHERE ${ROOT_TABLES} GROUP BY 1`,
    );
    const without = columns.filter(({ name, columns: present }) => {
      const key = keyOf(name);
      return key !== null && !present.includes(key);
    });
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('have it in every primary key and unique index but those by which a tenant is looked up', async () => {
    const indexes = await read<{ table: string; name: string; columns: string[] }>(
      `SELECT c.relname AS table, i.indexrelid::regclass::text AS name,
         (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey)) AS columns
       FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE i.indisunique AND ${ROOT_TABLES} ORDER BY 2`,
    );
    const without = indexes.filter(({ table, columns }) => {
      const key = keyOf(table);
      return key !== null && !columns.includes(key);
    });
    expect(without.map(({ name }) => name)).toEqual(LOOKED_UP.toSorted());
  });

  it('refer to each other with it', async () => {
    const keys = await read<{ table: string; name: string; columns: string[] }>(
      `SELECT c.relname AS table, k.conname AS name,
         (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)) AS columns
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
       WHERE k.contype = 'f' AND k.conparentid = 0 AND ${ROOT_TABLES}`,
    );
    const known = [...BETWEEN_TENANTS, ...OF_ANOTHER_CLASS];
    const without = keys.filter(({ table, columns }) => !columns.includes(keyOf(table) ?? ''));
    expect(without.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('have no trigger, and three sequences', async () => {
    expect(await read('SELECT tgname FROM pg_trigger WHERE NOT tgisinternal')).toEqual([]);
    const sequences = await read<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
    );
    // Of the identity columns in the order of whose values a directory's changes are drained and what is being moved arrives, and of
    // the migrations themselves.
    expect(sequences.map(({ name }) => name)).toEqual(['changes_id_seq', 'migrations_id_seq', 'moving_rows_id_seq']);
  });

  it('are kept apart by comparisons with the tenant alone', async () => {
    const policies = await read<{ name: string }>(
      `SELECT polrelid::regclass || '.' || polname AS name FROM pg_policy
       WHERE pg_get_expr(polqual, polrelid) LIKE '%SELECT%' OR pg_get_expr(polwithcheck, polrelid) LIKE '%SELECT%'`,
    );
    // Whom an environment may see of all people: those who have a role in it.
    expect(policies.map(({ name }) => name)).toEqual(['members.colleagues']);
  });
});
