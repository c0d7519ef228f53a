import { pipeline } from 'node:stream/promises';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { poolOf } from '../connect-database';
import { longTransaction } from '../long-transaction';
import { quoteName } from '../quote-name';
import type { Cell, MovedOrganization } from './cell';
import { endHold } from './hold-organization';
import { findMovedTables, TOMBSTONES } from './moved-tables';
import type { MovedTable } from './moved-tables';

/** Statements of a copy take as long as there are rows; nobody else waits for what they lock. */
const COPY = { statementMs: 0, lockMs: 30_000 };
const PARTITIONS_LOCK = { statementMs: 60_000, lockMs: 5_000 };

/** By how much a cell's numbers are put ahead beyond the other's, for those that others take in that moment. */
const AHEAD = 10_000;

/**
 * Copies every row of an organization that moves with it (see `STAYING`) into another cell, in one transaction there; what an earlier try, or a former stay, has
 * left of it there is replaced. Returns how many rows. The organization is alive in the copy. Bounded memory.
 * @param source a connection of the cell that it lives in, whose transaction sees it as it is to be copied, and nobody changes it
 * @param onTable is told of each table when it is copied
 */
export async function copyOrganization(
  source: ClientBase,
  to: Cell,
  organization: MovedOrganization,
  directoryIds: readonly string[],
  onTable: (table: string, rows: number) => void = () => undefined,
): Promise<number> {
  const pool = poolOf(to.dataSource);
  await makePartitions(source, pool);
  await putAhead(source, pool);
  return longTransaction(pool, COPY, async (target) => {
    const tables = await findMovedTables(target, organization, directoryIds);
    // Whoever purges what is left of a former stay waits, and finds that it is alive again.
    await lockTombstones(target, tables);
    await removeRows(target, tables);
    let total = 0;
    for (const table of tables) {
      const rows = await copyTable(source, target, table);
      if (rows > 0) onTable(table.name, rows);
      total += rows;
    }
    await endHold(target, organization);
    return total;
  });
}

async function lockTombstones(target: PoolClient, tables: readonly MovedTable[]): Promise<void> {
  for (const { name, where } of tables.filter((table) => TOMBSTONES.includes(table.name)))
    await target.query(`SELECT FROM ${quoteName(name)} WHERE ${where} FOR UPDATE`);
}

/** In the other order, so that nothing is removed that others refer to. */
async function removeRows(target: PoolClient, tables: readonly MovedTable[]): Promise<void> {
  for (const { name, where } of tables.filter((table) => !TOMBSTONES.includes(table.name)).toReversed())
    await target.query(`DELETE FROM ${quoteName(name)} WHERE ${where}`);
}

/** By way of a table of the transaction: PostgreSQL takes no copy into a table with row-level security. */
async function copyTable(source: ClientBase, target: PoolClient, table: MovedTable): Promise<number> {
  const name = quoteName(table.name);
  const passed = quoteName(`moved_${table.name}`);
  const columns = table.columns.map(quoteName).join(', ');
  await target.query(`CREATE TEMPORARY TABLE ${passed} (LIKE ${name}) ON COMMIT DROP`);
  const read = source.query(copyTo(`COPY (SELECT ${columns} FROM ${name} WHERE ${table.where}) TO STDOUT`));
  await pipeline(read, target.query(copyFrom(`COPY ${passed} (${columns}) FROM STDIN`)));
  const { rowCount } = await target.query(
    `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM ${passed} ${replacing(table)}`,
  );
  await target.query(`DROP TABLE ${passed}`);
  return rowCount ?? 0;
}

function replacing({ name, columns, primaryKey }: MovedTable): string {
  if (!TOMBSTONES.includes(name)) return '';
  const set = columns.map((column) => `${quoteName(column)} = EXCLUDED.${quoteName(column)}`).join(', ');
  return `ON CONFLICT (${primaryKey.map(quoteName).join(', ')}) DO UPDATE SET ${set}`;
}

/** Rows of old weeks need their partitions, of which a new cell has none. */
async function makePartitions(source: ClientBase, target: Pool): Promise<void> {
  const { rows: needed } = await source.query<Partition>(PARTITIONS, [MOVED_LOGS]);
  const { rows: present } = await target.query<Partition>(PARTITIONS, [MOVED_LOGS]);
  const known = new Set(present.map(({ name }) => name));
  const missing = needed.filter(({ name }) => !known.has(name));
  if (missing.length === 0) return;
  await longTransaction(target, PARTITIONS_LOCK, async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('rollcall.log_partitions'))`);
    for (const { name, parent, bounds } of missing) {
      const table = quoteName(name);
      await client.query(`CREATE TABLE IF NOT EXISTS ${table} PARTITION OF ${quoteName(parent)} ${bounds}`);
      await client.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
    }
  });
}

interface Partition {
  readonly name: string;
  readonly parent: string;
  readonly bounds: string;
}

/** Logs of which rows are copied, or released from moving_rows. */
const MOVED_LOGS = ['deliveries', 'scim_request_packs', 'scim_request_keys'];

const PARTITIONS = `
  SELECT c.relname AS name, p.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bounds
  FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
  WHERE p.relnamespace = 'public'::regnamespace AND p.relname = ANY ($1) ORDER BY c.relname`;

/** In the order of their ids changes of a directory are drained: those that the cell gives out come behind those that are moved to it. */
async function putAhead(source: ClientBase, target: Pool): Promise<void> {
  const read = `SELECT coalesce(last_value, 0)::text AS last FROM pg_sequences WHERE schemaname = 'public' AND sequencename = 'changes_id_seq'`;
  const { rows } = await source.query<{ last: string }>(read);
  await target.query(
    `SELECT setval('changes_id_seq', $1::bigint + ${AHEAD}) FROM (${read}) own WHERE own.last::bigint <= $1::bigint`,
    [rows[0]?.last ?? '0'],
  );
}
