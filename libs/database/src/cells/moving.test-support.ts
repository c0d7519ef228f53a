import { Client } from 'pg';
import {
  buildDirectory,
  buildEndpoint,
  createGroup,
  createUser,
  drainForNobody,
  seedDeliveries,
  seedEvents,
} from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { newId } from '@rollcall/platform';
import { createDataSource } from '../connect-database';
import type { DataSource } from '../connect-database';
import { migrateDatabase } from '../migrate-database';
import { openCell } from './cell';
import type { Cell } from './cell';
import { findMovedTables } from './moved-tables';
import { moveOrganization } from './move-organization';
import type { MoveReport, MoveRequest } from './move-organization';
import { keepPlacement, readPlacement } from './placements';
import type { Placement } from './placements';

/** Two cells of one installation, of which `a` is the control cell. */
export interface TwoCells {
  readonly a: TestCell;
  readonly b: TestCell;
  stop(): Promise<void>;
}

export interface TestCell extends Cell {
  readonly database: TestDatabase;
  /** As the processes connect. */
  readonly app: DataSource;
}

export async function startTwoCells(): Promise<TwoCells> {
  const [a, b] = [await startCell('a'), await startCell('b')];
  return { a, b, stop: async () => void (await Promise.all([stopCell(a), stopCell(b)])) };
}

async function startCell(name: string): Promise<TestCell> {
  const database = await createTestDatabase({ migrate: migrateDatabase });
  const app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
  return { ...(await openCell({ name, ownerUrl: database.ownerUrl })), database, app };
}

async function stopCell({ dataSource, app, database }: TestCell): Promise<void> {
  await Promise.all([dataSource.destroy(), app.destroy()]);
  await database.drop();
}

/** A directory of `a` with rows in every table, some of them waiting for workers; the other cell knows its environment. */
export async function fillDirectory({ a, b }: TwoCells): Promise<BuiltDirectory & { endpointId: string }> {
  const directory = await buildDirectory(a.database.ownerUrl);
  const { endpointId } = await buildEndpoint(a.dataSource, directory);
  const users = await Promise.all(
    ['ann', 'bob', 'cyd'].map((name) =>
      createUser(a.app, directory, `${name}@acme.test`, { displayName: `${name} \\ "x"` }),
    ),
  );
  await createGroup(a.app, directory, 'Staff', users);
  await drainForNobody(a.app, directory);
  const [{ last_sequence: last } = { last_sequence: '0' }] = await a.dataSource.query<{ last_sequence: string }[]>(
    'SELECT last_sequence FROM directory_counters WHERE directory_id = $1',
    [directory.directoryId],
  );
  const events = await seedEvents(a.app, directory, { from: Number(last) + 1, to: Number(last) + 8 });
  await seedDeliveries(a.app, directory, { ...directory, endpointId }, events);
  await createUser(a.app, directory, 'dan@acme.test');
  await insertOthers(a.dataSource, directory);
  await copyEnvironment(a, b, directory.environmentId);
  return { ...directory, endpointId };
}

/** A row of each table that no request and no drain of the above has made one of. */
async function insertOthers(
  owner: DataSource,
  { environmentId: env, organizationId: org, directoryId: dir }: BuiltDirectory,
): Promise<void> {
  const insert = (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row);
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`;
    return owner.query(sql, Object.values(row));
  };
  const inEnvironment = { environment_id: env, organization_id: org };
  const later = new Date(Date.now() + 3_600_000);
  const client = newId();
  await insert('deprovisioning_jobs', {
    directory_id: dir,
    hold_id: 1,
    environment_id: env,
    change_id: 1,
    action: 'release',
    total: 1,
  });
  await insert('deprovisionings', { directory_id: dir, user_id: newId(), window_id: 1, time: later, deleted: false });
  await insert('directory_refusals', {
    directory_id: dir,
    reason: 'invalidValue',
    environment_id: env,
    status: 400,
    count: 1,
    first_time: later,
    last_time: later,
  });
  await insert('held_memberships', { directory_id: dir, user_id: newId(), group_id: newId(), is_member: true });
  await insert('held_users', { directory_id: dir, user_id: newId(), hold_id: 1, held_time: later });
  await insert('learned_attributes', {
    directory_id: dir,
    resource_type: 'User',
    schema_key: 's',
    path_key: 'p',
    schema: 's',
    path: 'p',
    types: ['string'],
    multi_valued: false,
  });
  await insert('rules_jobs', { directory_id: dir, environment_id: env, change_id: 1, total: 1 });
  await insert('unresolved_members', { directory_id: dir, group_id: newId(), value: 'x', cause: 'unknown' });
  const pack = newId();
  await insert('scim_request_packs', {
    directory_id: dir,
    id: pack,
    first_id: pack,
    count: 1,
    has_failures: false,
    entries: '[["é"]]',
    bodies: null,
  });
  await insert('scim_request_keys', { directory_id: dir, key: '-9007199254740993', pack_id: pack });
  await insert('contacts', { ...inEnvironment, id: newId(), email: 'it@acme.test', email_key: 'it@acme.test' });
  await insert('unsubscribed_addresses', { ...inEnvironment, address_hash: newId() });
  await insert('contact_alerts', { environment_id: env, directory_id: dir, kind: 'stalled' });
  await insert('directory_aliases', { environment_id: env, alias: newId(), directory_id: dir });
  await insert('erasures', { ...inEnvironment, id: newId(), directory_id: dir, user_id: newId(), state: 'finished' });
  await insert('hand_overs', {
    ...inEnvironment,
    id: newId(),
    directory_id: dir,
    token_hash: newId(),
    expire_time: later,
  });
  await insert('portal_links', {
    ...inEnvironment,
    id: newId(),
    token_hash: newId(),
    features: ['dir_sync'],
    expire_time: later,
  });
  await insert('portal_sessions', {
    ...inEnvironment,
    id: newId(),
    link_id: newId(),
    token_hash: newId(),
    features: ['dir_sync'],
    expire_time: later,
  });
  await insert('api_clients', { ...inEnvironment, id: client, client_id: newId() });
  for (const [kind, id] of [
    ['org', org],
    ['dir', dir],
  ])
    await insert('imported_ids', { environment_id: env, service: 'scalekit', kind, foreign_id: newId(), own_id: id });
  await insert('api_client_secrets', { environment_id: env, id: newId(), api_client_id: client, secret_hash: 'none' });
}

/** What the other cell has from the control cell. */
async function copyEnvironment(a: Cell, b: Cell, environmentId: string): Promise<void> {
  for (const [table, key] of [
    ['environments', 'id'],
    ['webhook_endpoints', 'environment_id'],
    ['webhook_endpoint_health', 'environment_id'],
  ] as const) {
    const rows = await a.dataSource.query<{ row: object }[]>(
      `SELECT to_jsonb(t) AS row FROM ${table} t WHERE ${key} = $1`,
      [environmentId],
    );
    await b.dataSource.query(`INSERT INTO ${table} SELECT r.* FROM jsonb_populate_recordset(NULL::${table}, $1) r`, [
      JSON.stringify(rows.map(({ row }) => row)),
    ]);
  }
}

/** Each row of the organization in a cell as text, by its table: of those that move, and of those that wait for workers. */
export async function readRows({ database }: TestCell, directory: BuiltDirectory): Promise<Record<string, string[]>> {
  const client = new Client(database.ownerUrl);
  await client.connect();
  try {
    await client.query("SET rollcall.every_tenant = on; SET timezone = 'UTC'");
    const found: Record<string, string[]> = {};
    for (const { name, where } of await findMovedTables(client, directory, [directory.directoryId])) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT to_jsonb(t)::text AS row FROM "${name}" t WHERE ${where} ORDER BY 1`,
      );
      found[name] = rows.map(({ row }) => row);
    }
    const pending = `to_jsonb(d) - 'body' || jsonb_build_object('next_attempt_time', NULL)`;
    const { rows: changes } = await client.query<{ row: string }>(
      'SELECT to_jsonb(c)::text AS row FROM changes c WHERE directory_id = $1 ORDER BY id',
      [directory.directoryId],
    );
    const { rows: deliveries } = await client.query<{ row: string }>(
      `SELECT (${pending})::text AS row FROM deliveries d WHERE directory_id = $1 AND state = 'pending' ORDER BY id`,
      [directory.directoryId],
    );
    return { ...found, changes: changes.map(({ row }) => row), pending: deliveries.map(({ row }) => row) };
  } finally {
    await client.end();
  }
}

/** The placement of a directory's organization, which is kept when nobody has asked yet. */
export async function placementOf({ a }: TwoCells, directory: BuiltDirectory): Promise<Placement> {
  await keepPlacement(a.dataSource, directory, 'a', [directory.directoryId]);
  const placement = await readPlacement(a.dataSource, directory.organizationId);
  if (!placement) throw new Error('there is no placement');
  return placement;
}

/** Moves to the other cell, or goes on with a move that was cut off; ingresses are none. */
export async function move(
  cells: TwoCells,
  directory: BuiltDirectory,
  onStep?: MoveRequest['onStep'],
): Promise<MoveReport> {
  return moveOrganization({ ...(await requestOf(cells, directory)), onStep });
}

export async function requestOf(cells: TwoCells, directory: BuiltDirectory): Promise<MoveRequest> {
  const placement = await placementOf(cells, directory);
  const isFirst = placement.cell === 'a';
  const [here, there] = isFirst ? [cells.a, cells.b] : [cells.b, cells.a];
  const [from, to] = placement.state === 'arriving' ? [there, here] : [here, there];
  return { control: cells.a.dataSource, placement, from, to, noticeMs: 0 };
}
