import { createPool, migrateDatabase } from '@rollcall/database';
import type { Pool } from '@rollcall/database';
import { ENTRY_FIELDS, unpackBodies } from '@rollcall/directory';
import type { RecordedRequest, StoredBodies } from '@rollcall/directory';
import { newId } from '@rollcall/platform';
import { buildDirectory, packRequests } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordRequests } from './record-requests';

let database: TestDatabase;
let pool: Pool;
let admin: Pool;
let directory: BuiltDirectory;

const open = (url: string) => createPool({ url, poolSize: 1, applicationName: 'test', onError: () => undefined });

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  [pool, admin] = [open(database.appUrl), open(database.adminUrl)];
  directory = await buildDirectory(database.ownerUrl);
});

afterAll(async () => {
  await Promise.all([pool?.end(), admin?.end()]);
  await database?.drop();
});

/** A request of which each value is another one. */
function requestOf(values: Partial<RecordedRequest> = {}): RecordedRequest {
  return {
    directory_id: directory.directoryId,
    id: newId(),
    method: 'POST',
    path: '/Users',
    status: 409,
    outcome: 'refused',
    scim_type: 'uniqueness',
    detail: 'ä "taken"\\',
    duration_ms: 1.25,
    secret_id: 'secret',
    user_agent: 'agent',
    correlation_id: 'correlation',
    ip_address: '192.0.2.1',
    resource_id: newId(),
    user_name_key: 'line\nbreak',
    not_recorded: 3,
    request_body: '{"userName":"ann"}',
    response_body: '{"id":"1"}',
    whole: false,
    ...values,
  };
}

async function readLog(ids: readonly string[]): Promise<object[]> {
  const { rows } = await admin.query<object>('SELECT * FROM scim_requests WHERE id = ANY ($1) ORDER BY id', [ids]);
  return rows;
}

it('the view has the values of an entry in the order in which they are stored', async () => {
  const request = requestOf();
  await recordRequests(pool, packRequests([request]));
  const [{ whole: _, ...stored }] = [request];
  expect(await readLog([request.id])).toEqual([stored]);
  const { fields } = await admin.query('SELECT * FROM scim_requests LIMIT 0');
  const columns = ['directory_id', ...ENTRY_FIELDS, 'request_body', 'response_body'];
  expect(fields.map(({ name }) => name)).toEqual(columns);
});

it('bodies of many requests are stored deflated, and come back as they were', async () => {
  const requests = Array.from({ length: 200 }, (_, n) =>
    requestOf({ request_body: JSON.stringify({ userName: `ann-${n}`, displayName: 'Ännchen' }), response_body: null }),
  );
  await recordRequests(pool, packRequests(requests));
  const { rows } = await admin.query<StoredBodies & { count: number }>(
    'SELECT count, bodies, deflated_bodies AS "deflatedBodies" FROM scim_request_packs WHERE first_id = $1',
    [requests[0]?.id],
  );
  const [pack] = rows;
  expect(pack).toMatchObject({ count: 200, bodies: null });
  expect(pack && unpackBodies(pack)).toEqual(
    requests.map(({ request_body }) => [JSON.parse(request_body ?? 'null') as unknown, null]),
  );
});

it('a program of version 8, which knows no deflated bodies, cannot take a request out and leave them', async () => {
  const requests = Array.from({ length: 200 }, () => requestOf());
  await recordRequests(pool, packRequests(requests));
  const take = `UPDATE scim_request_packs SET entries = entries, bodies = NULL, count = count - 1 WHERE first_id = $1`;
  await expect(admin.query(take, [requests[0]?.id])).rejects.toThrow('scim_request_packs_deflated');
});

it('a program of version 6 writes the same', async () => {
  const requests = [requestOf(), requestOf({ resource_id: null, response_body: null }), requestOf({ whole: true })];
  await pool.query('SELECT * FROM record_scim_requests($1)', [JSON.stringify(requests)]);
  const before = await readLog(requests.map(({ id }) => id));
  const again = requests.map((request) => ({ ...request, id: newId() }));
  await recordRequests(pool, packRequests(again));
  const withoutIds = (rows: object[]) => rows.map((row) => ({ ...row, id: '' }));
  expect(withoutIds(await readLog(again.map(({ id }) => id)))).toEqual(withoutIds(before));
  // Of an environment that does not keep them no whole body is stored.
  expect(before).toMatchObject([{}, {}, { request_body: null, response_body: null }]);
});

it('what is about a person who was erased while it waited is not written, and all else is', async () => {
  const [gone, other] = [newId(), newId()];
  await admin.query(
    'INSERT INTO erasures (environment_id, id, organization_id, directory_id, user_id) VALUES ($1, $2, $3, $4, $5)',
    [directory.environmentId, newId(), directory.organizationId, directory.directoryId, gone],
  );
  const elsewhere = await buildDirectory(database.ownerUrl);
  const requests = [
    requestOf({ resource_id: gone }),
    requestOf({ resource_id: other }),
    requestOf({ directory_id: elsewhere.directoryId, resource_id: gone }),
  ];
  const keepsBodies = await recordRequests(pool, packRequests(requests));
  expect([...keepsBodies]).toEqual(
    expect.arrayContaining([directory, elsewhere].map(({ directoryId }) => [directoryId, false])),
  );
  expect(await readLog(requests.map(({ id }) => id))).toMatchObject(requests.slice(1).map(({ id }) => ({ id })));
});
