import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { retrySerialization } from '../tenant-transaction';
import { readServerIdentity } from '../server-identity';
import { isConfigurationCopied } from './is-configuration-copied';

/** A webhook endpoint of an environment. */
export interface CopiedEndpoint {
  environmentId: string;
  endpointId: string;
}

/** Any 64-bit number; all copiers of one cell take the same. */
const COPY_LOCK = 7_263_554_120_003n;
/** Rows that are read and written at a time. */
const BATCH = 1_000;

/**
 * Brings a cell's copy of the owner's configuration to what the control cell has: environments, clients, roles, endpoints, the portal's
 * settings, members and their sessions, and the pepper of generated secrets. A database in which nothing is yet becomes a cell of the
 * installation. A row is written when it has changed in the control cell since it was copied, so that what the cell has done to it by
 * itself, such as disabling an endpoint, stays until then. Where roles have come or gone, or the default one is another, the cell's users get theirs anew. Whoever comes second sees what the control cell has by then, so of several copiers
 * none brings back what another has taken away. Takes connections of any role; what was copied is what was committed before the call.
 * @param options.all compares every row, also when the copy is noted to be complete
 * @returns the endpoints that were disabled in the cell and are enabled now
 * @throws AppError `control_not_set_up`, `cell_of_another_installation`, `cell_named_twice`
 */
export async function copyConfigurationRows(
  control: DataSource,
  cell: DataSource,
  { all = false }: { all?: boolean } = {},
): Promise<CopiedEndpoint[]> {
  if (!all && (await isConfigurationCopied(control, cell))) return [];
  return retrySerialization(() =>
    cell.transaction(async (to) => {
      await to.query('SELECT pg_advisory_xact_lock($1)', [COPY_LOCK]);
      // The snapshot is of its first statement, and so of after the lock.
      return control.transaction('REPEATABLE READ', async (from) => copyRows(from, to));
    }),
  );
}

async function copyRows(from: EntityManager, to: EntityManager): Promise<CopiedEndpoint[]> {
  const [now] = await from.query<{ version: string }[]>('SELECT hash_configuration() AS version');
  await joinInstallation(from, to);
  const rolesBefore = await readRoleNames(to);
  const changes = compareRows(
    await from.query<ListedRow[]>('SELECT * FROM list_configuration()'),
    await to.query<ListedRow[]>('SELECT * FROM list_copied_configuration()'),
  );
  // Environments and roles name each other: the environments that change name no role until those are there.
  await writeRows(changes.get('environments'), from, to, (row) => ({ ...row, default_member_role: null }));
  // First, because what comes may have the name of what has gone; what refers to others goes before them.
  for (const { table, gone } of [...changes.values()].toReversed()) {
    if (gone.length > 0 && table !== 'environments')
      await to.query('SELECT delete_configuration($1, $2)', [table, gone]);
  }
  const enabled: CopiedEndpoint[] = [];
  for (const change of changes.values()) {
    if (change.table === 'environments') continue;
    enabled.push(...(await writeRows(change, from, to)));
  }
  await writeRows(changes.get('environments'), from, to);
  for (const [environmentId, names] of await readRoleNames(to)) {
    // The users of this cell's directories have the roles of before.
    if (rolesBefore.get(environmentId) !== names) await to.query('SELECT start_rules_jobs($1, NULL)', [environmentId]);
  }
  await to.query('SELECT keep_copied_version($1)', [now?.version]);
  return enabled;
}

async function readRoleNames(cell: EntityManager): Promise<Map<string, string>> {
  const rows = await cell.query<{ environment_id: string; names: string }[]>('SELECT * FROM list_role_names()');
  return new Map(rows.map(({ environment_id: environmentId, names }) => [environmentId, names]));
}

async function joinInstallation(from: EntityManager, to: EntityManager): Promise<void> {
  await refuseItself(from, to);
  // As text: the time tells installations apart by the microsecond.
  const [installation] = await from.query<
    { create_time: string; secret_key_check: string; sealed_pepper: string | null }[]
  >('SELECT create_time::text, secret_key_check, sealed_pepper FROM installation');
  if (!installation?.sealed_pepper) {
    throw new AppError({
      kind: 'unavailable',
      code: 'control_not_set_up',
      message: 'The control cell has nothing to copy yet: run "npm run rollcall -- bootstrap" with DATABASE_OWNER_URL.',
    });
  }
  const { create_time, secret_key_check, sealed_pepper } = installation;
  const [joined] = await to.query<{ is_ours: boolean }[]>('SELECT join_installation($1, $2, $3) AS is_ours', [
    create_time,
    secret_key_check,
    sealed_pepper,
  ]);
  if (joined?.is_ours) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'cell_of_another_installation',
    message:
      'The database of this cell was set up by itself and is of another installation: begin a cell with an empty one.',
  });
}

/** Under two addresses one database would be served twice. A server that does not tell its name is taken at its word. */
async function refuseItself(from: EntityManager, to: EntityManager): Promise<void> {
  const [here, there] = await Promise.all([from, to].map(readDatabaseIdentity));
  if (here === undefined || here !== there) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'cell_named_twice',
    message: 'This cell is the database of the control cell under another address: name each database once in CELLS.',
  });
}

async function readDatabaseIdentity(source: EntityManager): Promise<string | undefined> {
  const server = await readServerIdentity(source);
  const [database] = await source.query<{ oid: string }[]>(
    'SELECT oid::text FROM pg_database WHERE datname = current_database()',
  );
  return server === null || !database ? undefined : `${server} ${database.oid}`;
}

interface ListedRow {
  table_name: string;
  row_key: string;
  /** Null: not copied yet. */
  row_hash: string | null;
}

interface TableChange {
  table: string;
  /** Keys of rows to write, and what tells of each whether it has changed. */
  written: [key: string, hash: string][];
  /** Keys of rows to delete. */
  gone: string[];
}

/** What differs, by table, in the order in which the tables are listed: that of their foreign keys. */
function compareRows(here: readonly ListedRow[], there: readonly ListedRow[]): Map<string, TableChange> {
  const changes = new Map<string, TableChange>();
  const changeOf = (table: string): TableChange => {
    const change = changes.get(table) ?? { table, written: [], gone: [] };
    changes.set(table, change);
    return change;
  };
  const copied = new Map(there.map((row) => [`${row.table_name} ${row.row_key}`, row]));
  for (const { table_name, row_key, row_hash } of here) {
    const change = changeOf(table_name);
    const name = `${table_name} ${row_key}`;
    if (row_hash !== null && copied.get(name)?.row_hash !== row_hash) change.written.push([row_key, row_hash]);
    copied.delete(name);
  }
  for (const { table_name, row_key } of copied.values()) changeOf(table_name).gone.push(row_key);
  return changes;
}

/** Returns the endpoints that this enables. */
async function writeRows(
  change: TableChange | undefined,
  from: EntityManager,
  to: EntityManager,
  edit: (row: object) => object = (row) => row,
): Promise<CopiedEndpoint[]> {
  const enabled: CopiedEndpoint[] = [];
  const { table, written } = change ?? { table: '', written: [] };
  for (let start = 0; start < written.length; start += BATCH) {
    const hashes = new Map(written.slice(start, start + BATCH));
    const rows = await from.query<{ row_key: string; content: object }[]>(
      'SELECT row_key, content FROM read_configuration($1, $2)',
      [table, [...hashes.keys()]],
    );
    const keys = rows.map(({ row_key }) => row_key);
    const contents = JSON.stringify(rows.map(({ content }) => edit(content)));
    const write = () =>
      to.query('SELECT write_configuration($1, $2, $3, $4)', [
        table,
        keys,
        keys.map((key) => hashes.get(key)),
        contents,
      ]);
    if (table === 'webhook_endpoints') enabled.push(...(await writeEndpoints(to, contents, write)));
    else await write();
  }
  return enabled;
}

async function writeEndpoints(
  to: EntityManager,
  contents: string,
  write: () => Promise<unknown>,
): Promise<CopiedEndpoint[]> {
  const enabled = await to.query<CopiedEndpoint[]>(
    'SELECT environment_id AS "environmentId", endpoint_id AS "endpointId" FROM prepare_copied_endpoints($1)',
    [contents],
  );
  await write();
  await to.query('SELECT settle_copied_endpoints($1)', [enabled.map(({ endpointId }) => endpointId)]);
  return enabled;
}
