import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import { deleteOldIdempotencyKeys } from '@rollcall/pipeline-store';
import { createTestDatabase } from '@rollcall/testing';
import { runAsAdmin } from '../../testing/seed-directory';
import { startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test.stop());

interface Answered<Body> {
  status: number;
  body: Body;
  replayed: string | null;
  retryAfter: string | null;
}

interface Created {
  organization: { id: string };
}

let keys = 0;
const newKey = () => `key-${(keys += 1)}`;

async function post<Body = Created & ErrorBody>(
  key: string,
  body: object,
  { path = '/organizations', token = test.api.accessToken } = {},
): Promise<Answered<Body>> {
  const response = await fetch(`${test.ingress.baseUrl}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    body: (await response.json()) as Body,
    replayed: response.headers.get('idempotency-replayed'),
    retryAfter: response.headers.get('retry-after'),
  };
}

const countOrganizations = async () =>
  (await test.api.call<{ total_size: number }>('GET', '/organizations')).body.total_size;

const inDatabase = <Row>(sql: string) => runAsAdmin<Row>(test.database.adminUrl, [[sql, []]]);

describe('a POST with an Idempotency-Key', () => {
  it('is carried out once, and answered again as it was the first time', async () => {
    const [key, before] = [newKey(), await countOrganizations()];
    const first = await post(key, { display_name: 'Acme' });
    const second = await post(key, { display_name: 'Acme' });
    expect([first.status, first.replayed]).toEqual([201, null]);
    expect(second).toEqual({ ...first, replayed: 'true' });
    expect(await countOrganizations()).toBe(before + 1);
  });

  it('is answered the secret that it was shown, which is not stored in the clear', async () => {
    const key = newKey();
    const path = '/api_clients';
    const body = { name: 'Backend', scopes: ['read'] };
    const first = await post<{ client_secret: string }>(key, body, { path });
    expect((await post<{ client_secret: string }>(key, body, { path })).body).toEqual(first.body);
    const [row] = await inDatabase(`SELECT sealed_answer FROM idempotency_keys ORDER BY create_time DESC LIMIT 1`);
    expect(JSON.stringify(row)).toContain('v1.');
    expect(JSON.stringify(row)).not.toContain(first.body.client_secret);
  });

  it('is refused with 422 when the key came with another body', async () => {
    const key = newKey();
    await post(key, { display_name: 'Acme' });
    const other = await post(key, { display_name: 'Globex' });
    expect([other.status, other.body.error.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('is carried out once by one of several at a time; the others are told to ask again', async () => {
    const [key, before] = [newKey(), await countOrganizations()];
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(key, { display_name: 'Acme' })));
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.organization.id)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect([answer.status, answer.body.error.code, answer.retryAfter]).toEqual([409, 'idempotency_key_in_use', '1']);
    }
    expect(await countOrganizations()).toBe(before + 1);
  });

  it('is told to come again while the first one is in its transaction, and does not wait for its end', async () => {
    const key = newKey();
    const { body } = await post(key, { display_name: 'Acme' });
    const other = await createDataSource({ url: test.database.adminUrl, poolSize: 1 }).initialize();
    try {
      await other.transaction(async (manager) => {
        await manager.query(`UPDATE idempotency_keys SET carried_out = true
          WHERE key_hash = (SELECT key_hash FROM idempotency_keys ORDER BY create_time DESC LIMIT 1)`);
        const answer = await post(key, { display_name: 'Acme' });
        expect([answer.status, answer.body.error.code]).toEqual([409, 'idempotency_key_in_use']);
      });
    } finally {
      await other.destroy();
    }
    expect((await post(key, { display_name: 'Acme' })).body).toEqual(body);
  });

  it('may be sent again with the same key when it was refused', async () => {
    const [key, taken] = [newKey(), { display_name: 'Acme', external_id: 'taken' }];
    const holder = await post(newKey(), taken);
    expect((await post(key, taken)).status).toBe(409);
    await test.api.call('DELETE', `/organizations/${holder.body.organization.id}`);
    expect((await post(key, taken)).status).toBe(201);
  });

  it('is another one for another client, of the same environment or not', async () => {
    const key = newKey();
    const path = '/api_clients';
    const { body: client } = await post<{ api_key: string }>(newKey(), { name: 'B', scopes: ['write'] }, { path });
    const answers = [
      await post(key, { display_name: 'Acme' }),
      await post(key, { display_name: 'Acme' }, { token: client.api_key }),
      await post(key, { display_name: 'Acme' }, { token: test.foreign.accessToken }),
    ];
    expect(answers.map(({ status, replayed }) => [status, replayed])).toEqual(answers.map(() => [201, null]));
    expect(new Set(answers.map(({ body }) => body.organization.id)).size).toBe(3);
  });

  it('is not carried out again when its answer was lost with the process, nor while that may still be at it', async () => {
    const [key, body] = [newKey(), { display_name: 'Lost' }];
    await post(key, body);
    const newest = `key_hash = (SELECT key_hash FROM idempotency_keys ORDER BY create_time DESC LIMIT 1)`;
    await inDatabase(`UPDATE idempotency_keys SET status = NULL, sealed_answer = NULL WHERE ${newest}`);
    const before = await countOrganizations();
    expect((await post(key, body)).body.error.code).toBe('idempotency_key_in_use');
    await inDatabase(`UPDATE idempotency_keys SET claimed_until = now() - interval '1 second' WHERE ${newest}`);
    const lost = await post(key, body);
    expect([lost.status, lost.body.error.code]).toEqual([409, 'idempotency_answer_lost']);
    expect(await countOrganizations()).toBe(before);
    await inDatabase(`UPDATE idempotency_keys SET carried_out = false WHERE ${newest}`);
    expect((await post(key, body)).status).toBe(201);
    expect(await countOrganizations()).toBe(before + 1);
  });

  it('is refused when its key is none', async () => {
    const answer = await post('with space', { display_name: 'Acme' });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_request']);
  });

  it('is forgotten after a day, and beyond the newest of its environment', async () => {
    const [old, kept] = [newKey(), newKey()];
    for (const key of [old, kept]) await post(key, { display_name: 'Acme' });
    const dataSource = await createDataSource({ url: test.database.appUrl, poolSize: 1 }).initialize();
    try {
      await inDatabase(`UPDATE idempotency_keys SET create_time = create_time - interval '25 hours'
        WHERE key_hash = (SELECT key_hash FROM idempotency_keys ORDER BY create_time DESC OFFSET 1 LIMIT 1)`);
      expect(await deleteOldIdempotencyKeys(dataSource, { hours: 24, kept: 1_000 })).toBe(1);
      expect((await post(kept, { display_name: 'Acme' })).replayed).toBe('true');
      expect((await post(old, { display_name: 'Acme' })).replayed).toBe(null);
      await deleteOldIdempotencyKeys(dataSource, { hours: 24, kept: 1 });
      const left = await inDatabase('SELECT environment_id, count(*)::int AS count FROM idempotency_keys GROUP BY 1');
      expect(left).toEqual([expect.objectContaining({ count: 1 }), expect.objectContaining({ count: 1 })]);
    } finally {
      await dataSource.destroy();
    }
  });
});
