import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { advanceReplays } from '@rollcall/pipeline-store';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import { runAsAdmin } from '../../testing/seed-directory';
import type { DirectoryItem } from '../directories/directory.dto';
import { drain } from '../testing/drain.test-support';
import { startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { DeliveryList } from '../webhook-endpoints/delivery.dto';
import type { WebhookEndpointSecretAnswer } from '../webhook-endpoints/webhook-endpoint.dto';
import type { ReplayAnswer, ReplayList } from './replay.dto';

const NOBODY = '0'.repeat(26);

let test: TestApi;
/** Has `directory_created` and three `user_created` in its log. */
let directory: DirectoryItem;
let created: { id: string; occurred_at: string }[];

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  directory = await test.newDirectory();
  const scim = await test.newScim(directory);
  for (const name of ['ann', 'bob', 'eve']) {
    await scim.call('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `${name}@acme.test`,
    });
  }
  await drain(test.database.appUrl, directory.id);
  const feed = await test.api.call<{ events: { id: string; occurred_at: string }[] }>(
    'GET',
    `/events?directory_id=${directory.id}`,
  );
  created = feed.body.events;
});

afterAll(() => test.stop());

const newEndpoint = async (body: object = {}) => {
  const url = 'http://127.0.0.1:9/hook';
  const answer = await test.api.call<WebhookEndpointSecretAnswer>('POST', '/webhook_endpoints', { url, ...body });
  return answer.body.webhook_endpoint.id;
};

const replay = (endpointId: string, body?: unknown) =>
  test.api.call<ReplayAnswer & ErrorBody>('POST', `/webhook_endpoints/${endpointId}:replay`, body);

/** A step of the worker. */
async function advance(endpointId: string): Promise<void> {
  const dataSource = await createDataSource({ url: test.database.appUrl, poolSize: 1 }).initialize();
  const environmentId = test.ingress.credentials.environment_id.replace(/^env_/, '');
  await advanceReplays(dataSource, { environmentId, endpointId: endpointId.slice(4) });
  await dataSource.destroy();
}

describe('POST /webhook_endpoints/{id}:replay', () => {
  it('answers 202 with a running replay of everything when nothing is said', async () => {
    const endpointId = await newEndpoint();
    const { status, body } = await replay(endpointId);
    expect(status).toBe(202);
    expect(body).toEqual({
      replay: {
        id: expect.stringMatching(/^rpl_[0-9a-z]{26}$/),
        webhook_endpoint_id: endpointId,
        state: 'running',
        total: 4,
        done: 0,
        failed: 0,
        directory_id: null,
        from_sequence: null,
        to_sequence: null,
        from_time: null,
        to_time: null,
        types: [],
        failed_only: false,
        oldest_sequence: null,
        events_expired: false,
        create_time: expect.any(String),
        finish_time: null,
      },
    });
    const shown = await test.api.call('GET', `/webhook_endpoints/${endpointId}/replays/${body.replay.id}`);
    expect([shown.status, shown.body]).toEqual([200, body]);
  });

  it('takes bounds that are inclusive, and types', async () => {
    const endpointId = await newEndpoint();
    const count = async (body: object) => (await replay(endpointId, { ...body, dry_run: true })).body.replay.total;
    const directory_id = directory.id;
    expect(await count({ directory_id, from_sequence: 2, to_sequence: 3 })).toBe(2);
    expect(await count({ directory_id, from_sequence: 4 })).toBe(1);
    expect(await count({ from_time: created[1]?.occurred_at, to_time: created[2]?.occurred_at })).toBe(2);
    expect(await count({ types: ['organization.directory_created'] })).toBe(1);
    expect(await count({ types: [] })).toBe(4);
    expect(await count({ failed_only: true })).toBe(0);
  });

  it('counts on a dry run and makes nothing', async () => {
    const endpointId = await newEndpoint({ event_types: ['organization.directory.user_created'] });
    const { status, body } = await replay(endpointId, { directory_id: directory.id, dry_run: true });
    expect([status, body.replay]).toMatchObject([
      202,
      { id: null, state: 'dry_run', total: 3, done: 0, oldest_sequence: 1, events_expired: false },
    ]);
    const list = await test.api.call<ReplayList>('GET', `/webhook_endpoints/${endpointId}/replays`);
    expect(list.body).toMatchObject({ replays: [], total_size: 0 });
  });

  it.each([
    [{ from_sequence: 1 }, 'add "directory_id"'],
    [{ to_sequence: 1 }, 'add "directory_id"'],
    [{ directory_id: `dir_${NOBODY}`, from_sequence: 3, to_sequence: 2 }, '"from_sequence" must not be above'],
    [{ directory_id: `dir_${NOBODY}`, from_sequence: -1 }, '"from_sequence" must be a whole number from 0'],
    [{ directory_id: `dir_${NOBODY}`, to_sequence: 1.5 }, '"to_sequence" must be a whole number'],
    [{ directory_id: `dir_${NOBODY}`, to_sequence: '2' }, '"to_sequence" must be a whole number'],
    [{ directory_id: 'somewhere' }, '"directory_id" must be an id that begins with dir_'],
    [{ from_time: '2026-11-22T00:00:00Z', to_time: '2026-11-21T00:00:00Z' }, '"from_time" must not be after'],
    [{ from_time: 'yesterday' }, '"from_time" must be a time as of RFC 3339'],
    [{ to_time: 1_764_000_000 }, '"to_time" must be a time as of RFC 3339'],
    [{ to_time: '2026-13-01T00:00:00Z' }, '"to_time" must be a time as of RFC 3339'],
    [{ types: ['user_created'] }, '"types" must be a list of these: organization.directory_created,'],
    [{ types: ['endpoint.disabled'] }, '"types" must be a list of these'],
    [{ types: 'organization.directory_created' }, '"types" must be a list of these'],
    [{ dry_run: 'yes' }, '"dry_run" must be true or false'],
    [{ failed_only: 1 }, '"failed_only" must be true or false'],
    [{ since: '2026-11-22T00:00:00Z' }, '"since" is not a known field'],
  ])('refuses %j with 400', async (input, message) => {
    const endpointId = await newEndpoint();
    const { status, body } = await replay(endpointId, input);
    expect([status, body.error.code]).toEqual([400, 'invalid_request']);
    expect(body.error.message).toContain(message);
    const list = await test.api.call<ReplayList>('GET', `/webhook_endpoints/${endpointId}/replays`);
    expect(list.body.total_size).toBe(0);
  });

  it('answers 404 for an endpoint or a directory that is not of this environment', async () => {
    const endpointId = await newEndpoint();
    expect((await replay(`whe_${NOBODY}`)).body.error.code).toBe('webhook_endpoint_not_found');
    expect((await test.foreign.call('POST', `/webhook_endpoints/${endpointId}:replay`, {})).status).toBe(404);
    const unknown = await replay(endpointId, { directory_id: `dir_${NOBODY}` });
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'directory_not_found']);
  });

  it('answers 422 for a disabled endpoint, and for an eleventh unfinished replay', async () => {
    const disabled = await replay(await newEndpoint({ enabled: false }));
    expect([disabled.status, disabled.body.error.code]).toEqual([422, 'webhook_endpoint_disabled']);
    const endpointId = await newEndpoint();
    for (let n = 0; n < 10; n++) expect((await replay(endpointId)).status).toBe(202);
    const refused = await replay(endpointId);
    expect([refused.status, refused.body.error.code]).toEqual([422, 'too_many_replays']);
    expect((await replay(endpointId, { dry_run: true })).status).toBe(202);
  });
});

describe('the replays of an endpoint', () => {
  it('are listed newest first, in pages', async () => {
    const endpointId = await newEndpoint();
    const ids = [];
    for (let n = 0; n < 3; n++) ids.unshift((await replay(endpointId)).body.replay.id);
    const path = `/webhook_endpoints/${endpointId}/replays`;
    const { body } = await test.api.call<ReplayList>('GET', `${path}?page_size=2`);
    expect([body.total_size, body.replays.map(({ id }) => id)]).toEqual([3, ids.slice(0, 2)]);
    const next = await test.api.call<ReplayList>('GET', `${path}?page_size=2&page_token=${body.next_page_token}`);
    expect([next.body.next_page_token, next.body.replays.map(({ id }) => id)]).toEqual(['', ids.slice(2)]);
    const other = `/webhook_endpoints/${await newEndpoint()}/replays?page_token=${body.next_page_token}`;
    expect((await test.api.call<ErrorBody>('GET', other)).status).toBe(400);
  });

  it('are paused, resumed and canceled, any number of times', async () => {
    const endpointId = await newEndpoint();
    const { id } = (await replay(endpointId)).body.replay;
    const act = async (action: string) => {
      const path = `/webhook_endpoints/${endpointId}/replays/${id}:${action}`;
      const { status, body } = await test.api.call<ReplayAnswer>('POST', path);
      return [status, body.replay.state];
    };
    for (const [action, state] of [
      ['pause', 'paused'],
      ['pause', 'paused'],
      ['resume', 'running'],
      ['resume', 'running'],
      ['cancel', 'canceled'],
      ['cancel', 'canceled'],
      ['resume', 'canceled'],
      ['pause', 'canceled'],
    ] as const) {
      expect([action, ...(await act(action))]).toEqual([action, 200, state]);
    }
  });

  it('are 404 in another environment and at another endpoint, for every call', async () => {
    const endpointId = await newEndpoint();
    const { id } = (await replay(endpointId)).body.replay;
    const path = `/webhook_endpoints/${endpointId}/replays`;
    const elsewhere = `/webhook_endpoints/${await newEndpoint()}/replays`;
    for (const [method, target] of [
      ['GET', `/${id}`],
      ['POST', `/${id}:pause`],
      ['POST', `/${id}:resume`],
      ['POST', `/${id}:cancel`],
    ] as const) {
      expect([target, (await test.foreign.call(method, path + target)).status]).toEqual([target, 404]);
      const { status, body } = await test.api.call<ErrorBody>(method, elsewhere + target);
      expect([target, status, body.error.code]).toEqual([target, 404, 'replay_not_found']);
    }
    expect((await test.foreign.call('GET', path)).status).toBe(404);
    expect((await test.api.call('GET', `${path}/whe_${NOBODY}`)).status).toBe(404);
    const shown = await test.api.call<ReplayAnswer>('GET', `${path}/${id}`);
    expect(shown.body.replay.state).toBe('running');
  });

  it('name their deliveries', async () => {
    const endpointId = await newEndpoint();
    const { id } = (await replay(endpointId, { directory_id: directory.id, from_sequence: 3 })).body.replay;
    await advance(endpointId);
    const path = `/webhook_endpoints/${endpointId}/deliveries`;
    const { body } = await test.api.call<DeliveryList>('GET', `${path}?replay_id=${id}`);
    expect(body.deliveries).toMatchObject([
      { replay_id: id, sequence: 4, event_id: created[3]?.id, state: 'pending' },
      { replay_id: id, sequence: 3, event_id: created[2]?.id, state: 'pending' },
    ]);
    const none = await test.api.call<DeliveryList>('GET', `${path}?replay_id=rpl_${NOBODY}`);
    expect(none.body.total_size).toBe(0);
    expect((await test.api.call('GET', `${path}?replay_id=${endpointId}`)).status).toBe(400);
    const canceled = await test.api.call<ReplayAnswer>('POST', `/webhook_endpoints/${endpointId}/replays/${id}:cancel`);
    expect(canceled.body.replay).toMatchObject({ state: 'canceled', total: 2, done: 2 });
    const after = await test.api.call<DeliveryList>('GET', `${path}?replay_id=${id}&state=canceled`);
    expect(after.body.total_size).toBe(2);
  });

  it('go with their endpoint', async () => {
    const endpointId = await newEndpoint();
    await replay(endpointId);
    await test.api.call('DELETE', `/webhook_endpoints/${endpointId}`);
    expect((await test.api.call('GET', `/webhook_endpoints/${endpointId}/replays`)).status).toBe(404);
    const left = await runAsAdmin(test.database.adminUrl, [
      ['SELECT 1 FROM replays WHERE endpoint_id = $1', [endpointId.slice(4)]],
    ]);
    expect(left).toEqual([]);
  });
});

it('tells that a range begins before what is kept', async () => {
  const old = await test.newDirectory();
  await drain(test.database.appUrl, old.id);
  await runAsAdmin(test.database.adminUrl, [
    ['UPDATE events SET sequence = 7 WHERE directory_id = $1', [old.id.slice(4)]],
    ['UPDATE directory_counters SET last_sequence = 7 WHERE directory_id = $1', [old.id.slice(4)]],
  ]);
  const { body } = await replay(await newEndpoint(), { directory_id: old.id, from_sequence: 2, dry_run: true });
  expect(body.replay).toMatchObject({ total: 1, oldest_sequence: 7, events_expired: true });
});
