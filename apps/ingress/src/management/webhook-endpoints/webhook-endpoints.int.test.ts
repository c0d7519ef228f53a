import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_TYPES, OPERATIONAL_EVENT_TYPES } from '@rollcall/contract';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { runAsAdmin } from '../../testing/seed-directory';
import { startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { DeliveryAnswer, DeliveryList, DeliveryWithBodyAnswer } from './delivery.dto';
import type { WebhookEndpointAnswer, WebhookEndpointList, WebhookEndpointSecretAnswer } from './webhook-endpoint.dto';

let test: TestApi;
/** The same environment rules with private targets allowed. */
let local: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  local = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
});

afterAll(async () => {
  await test.stop();
  await local.stop();
});

const create = async (body: object = {}) => {
  const url = 'http://127.0.0.1:9/hook';
  const answer = await local.api.call<WebhookEndpointSecretAnswer>('POST', '/webhook_endpoints', { url, ...body });
  const { webhook_endpoint, secret } = answer.body;
  return { status: answer.status, webhook_endpoint, secret };
};

const sql = <Row>(text: string, ...values: unknown[]) => runAsAdmin<Row>(local.database.adminUrl, [[text, values]]);

describe('POST /webhook_endpoints', () => {
  it('answers 201 with defaults and a Standard Webhooks secret, shown this once', async () => {
    const { status, webhook_endpoint: endpoint, secret } = await create();
    expect(status).toBe(201);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint).toEqual({
      id: expect.stringMatching(/^whe_/),
      url: 'http://127.0.0.1:9/hook',
      description: '',
      event_types: [],
      organization_ids: [],
      ordering: 'resource',
      rate_limit: null,
      dialect: null,
      deactivation: null,
      enabled: true,
      disabled_reason: null,
      health: {
        consecutive_failures: 0,
        failing_since: null,
        circuit_open_until: null,
        warned_percent: 0,
        pending_deliveries: 0,
      },
      secrets: [{ create_time: expect.any(String), expire_time: null }],
      create_time: expect.any(String),
      update_time: expect.any(String),
    });
    const shown = await local.api.call('GET', `/webhook_endpoints/${endpoint.id}`);
    expect(shown.body).toEqual({ webhook_endpoint: endpoint });
  });

  it('stores the secret sealed', async () => {
    const { webhook_endpoint: endpoint, secret } = await create();
    const [row] = await sql<{ sealed_secret: string }>(
      'SELECT sealed_secret FROM webhook_secrets WHERE endpoint_id = $1',
      endpoint.id.slice(4),
    );
    expect(row?.sealed_secret).not.toContain(secret.slice(6));
  });

  it.each([
    ['http://example.com/', 'scheme_not_allowed'],
    ['https://127.0.0.1/', 'address_not_public'],
    ['https://[::ffff:10.0.0.1]/', 'address_not_public'],
    ['https://2130706433/', 'address_not_public'],
    ['https://user:pass@example.com/', 'credentials_in_url'],
    ['https://example.com:22/', 'port_not_allowed'],
    ['https://localhost/', 'own_hostname'],
    ['https://app.localhost/', 'address_not_public'],
    [' https://example.com/ ', 'blanks_in_url'],
    ['https://example.com/\n', 'blanks_in_url'],
    ['https://example.com/#part', 'fragment_in_url'],
    ['https://example.com:0/', 'port_not_allowed'],
    ['https:///x', 'host_missing'],
    [`https://${'a'.repeat(300)}.example/`, 'invalid_host'],
  ])('refuses %s with 422 and the reason', async (url, reason) => {
    const { status, body } = await test.api.call<ErrorBody>('POST', '/webhook_endpoints', { url });
    expect(status).toBe(422);
    const fields = [{ field: 'url', problem: expect.any(String) }];
    expect(body.error).toMatchObject({ code: 'webhook_target_refused', details: { reason, fields } });
  });

  it.each(['http:///x', 'http://127.0.0.1:0/', 'http://127.0.0.1:9/#a', ' http://127.0.0.1:9/', 'http://a..b/'])(
    'refuses %j with 422 where private targets are allowed too, at a change as well',
    async (url) => {
      const { webhook_endpoint: endpoint } = await create();
      const answers = [
        await local.api.call<ErrorBody>('POST', '/webhook_endpoints', { url }),
        await local.api.call<ErrorBody>('PATCH', `/webhook_endpoints/${endpoint.id}`, { url }),
      ];
      for (const { status, body } of answers) {
        expect([status, body.error.code]).toEqual([422, 'webhook_target_refused']);
      }
    },
  );

  it.each([
    [{ url: 'no url' }, '"url" is refused'],
    [{ url: 7 }, '"url" must be a text'],
    [{ event_types: ['nope'] }, '"event_types" must be a list of these: organization.directory_created,'],
    [{ ordering: 'strict' }, '"ordering" must be one of resource, fifo, none'],
    [{ organization_ids: ['x'] }, '"organization_ids" must be a list of at most 1000 ids that begin with org_'],
    [{ secret: 'x' }, '"secret" is not a known field'],
    [{ enabled: 'yes' }, '"enabled" must be true or false'],
    [{ rate_limit: 0 }, '"rate_limit" must be a whole number from 1 to 1000'],
    [{ dialect: 'okta' }, '"dialect" must be one of scalekit, workos'],
    [{ deactivation: 'never' }, '"deactivation" must be one of delete, update'],
    [{ rate_limit: 1.5 }, '"rate_limit" must be a whole number from 1 to 1000'],
  ])('refuses %j with 400', async (input, message) => {
    const body = { url: 'http://127.0.0.1:9/', ...input };
    const answer = await local.api.call<ErrorBody>('POST', '/webhook_endpoints', body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain(message);
  });

  it('refuses an organization of another environment as unknown', async () => {
    const theirs = await local.foreign.call<{ organization: { id: string } }>('POST', '/organizations', {
      display_name: 'X',
    });
    expect((await create({ organization_ids: [theirs.body.organization.id] })).status).toBe(404);
    const mine = await local.newOrganization();
    expect((await create({ organization_ids: [mine] })).webhook_endpoint.organization_ids).toEqual([mine]);
  });
});

describe('one webhook endpoint', () => {
  it('is 404 in another environment for every call', async () => {
    const { webhook_endpoint: endpoint } = await create();
    const path = `/webhook_endpoints/${endpoint.id}`;
    const calls: [string, string][] = [
      ['GET', path],
      ['PATCH', path],
      ['POST', `${path}/secret:rotate`],
      ['GET', `${path}/deliveries`],
      ['POST', `${path}:test`],
      ['POST', `${path}:discard_pending`],
      ['DELETE', path],
    ];
    for (const [method, target] of calls) {
      expect([method, (await local.foreign.call(method, target)).status]).toEqual([method, 404]);
    }
    const { body } = await local.foreign.call<WebhookEndpointList>('GET', '/webhook_endpoints?page_size=100');
    expect(body.webhook_endpoints).toEqual([]);
  });

  it('is changed by PATCH, merged; null sets back', async () => {
    const set = { description: 'x', ordering: 'fifo', rate_limit: 20, dialect: 'workos' };
    const { webhook_endpoint: endpoint } = await create(set);
    const patch = async (body: object) =>
      (await local.api.call<WebhookEndpointAnswer>('PATCH', `/webhook_endpoints/${endpoint.id}`, body)).body
        .webhook_endpoint;
    expect(await patch({ event_types: ['endpoint.disabled'], enabled: false })).toMatchObject({
      ...set,
      event_types: ['endpoint.disabled'],
      enabled: false,
    });
    const cleared = {
      description: null,
      ordering: null,
      event_types: null,
      rate_limit: null,
      dialect: null,
      enabled: null,
    };
    expect(await patch(cleared)).toMatchObject({
      description: '',
      rate_limit: null,
      dialect: null,
      ordering: 'resource',
      event_types: [],
      enabled: true,
    });
    expect((await local.api.call('PATCH', `/webhook_endpoints/${endpoint.id}`, { url: null })).status).toBe(400);
  });

  it('is guarded at PATCH as at creation', async () => {
    const { body } = await test.api.call<WebhookEndpointSecretAnswer>('POST', '/webhook_endpoints', {
      url: 'https://hooks.example.com/',
    });
    const path = `/webhook_endpoints/${body.webhook_endpoint.id}`;
    expect((await test.api.call('PATCH', path, { url: 'https://10.0.0.1/' })).status).toBe(422);
  });

  it('takes the stored URL back as it is, though it would be refused now', async () => {
    const stored = 'https://moved.example/#part';
    const { webhook_endpoint: endpoint } = await create();
    await sql('UPDATE webhook_endpoints SET url = $1 WHERE id = $2', stored, endpoint.id.slice(4));
    const path = `/webhook_endpoints/${endpoint.id}`;
    const { status, body } = await local.api.call<WebhookEndpointAnswer>('PATCH', path, {
      url: stored,
      description: 'x',
    });
    expect([status, body.webhook_endpoint.description]).toEqual([200, 'x']);
    expect((await local.api.call('PATCH', path, { url: `${stored}s` })).status).toBe(422);
  });

  it('forgets why it was disabled, and its failures, when it is enabled', async () => {
    const { webhook_endpoint: endpoint } = await create();
    const id = endpoint.id.slice(4);
    await sql(`UPDATE webhook_endpoints SET enabled = false, disabled_reason = 'failing' WHERE id = $1`, id);
    await sql(
      `UPDATE webhook_endpoint_health SET cooling_until = now(), health =
         '{"consecutiveFailures":9,"failingSince":1795338000000,"coolingUntil":1795338060000,"warnedPercent":75}' WHERE endpoint_id = $1`,
      id,
    );
    const path = `/webhook_endpoints/${endpoint.id}`;
    const shown = await local.api.call<WebhookEndpointAnswer>('GET', path);
    expect(shown.body.webhook_endpoint).toMatchObject({
      enabled: false,
      disabled_reason: 'failing',
      health: {
        consecutive_failures: 9,
        failing_since: '2026-11-22T09:00:00.000Z',
        circuit_open_until: '2026-11-22T09:01:00.000Z',
        warned_percent: 75,
      },
    });
    const enabled = await local.api.call<WebhookEndpointAnswer>('PATCH', path, { enabled: true });
    expect(enabled.body.webhook_endpoint).toMatchObject({ enabled: true, disabled_reason: null });
    expect(await sql('SELECT health, cooling_until FROM webhook_endpoint_health WHERE endpoint_id = $1', id)).toEqual([
      { health: {}, cooling_until: null },
    ]);
  });

  it('is gone after DELETE, with its secrets', async () => {
    const { webhook_endpoint: endpoint } = await create();
    const path = `/webhook_endpoints/${endpoint.id}`;
    expect((await local.api.call('DELETE', path)).status).toBe(204);
    expect((await local.api.call('GET', path)).status).toBe(404);
    expect((await local.api.call('DELETE', path)).status).toBe(404);
    expect(await sql('SELECT 1 FROM webhook_secrets WHERE endpoint_id = $1', endpoint.id.slice(4))).toEqual([]);
  });
});

describe('secret:rotate', () => {
  const rotate = (id: string, body?: object) =>
    local.api.call<WebhookEndpointSecretAnswer & ErrorBody>('POST', `/webhook_endpoints/${id}/secret:rotate`, body);

  it('adds a secret and lets the old one sign along for a day', async () => {
    const { webhook_endpoint: endpoint, secret } = await create();
    const { status, body } = await rotate(endpoint.id);
    expect(status).toBe(200);
    expect(body.secret).toMatch(/^whsec_/);
    expect(body.secret).not.toBe(secret);
    const [fresh, old] = body.webhook_endpoint.secrets;
    expect(fresh?.expire_time).toBeNull();
    expect(Math.round((Date.parse(old?.expire_time ?? '') - Date.now()) / 1000)).toBeCloseTo(86_400, -2);
  });

  it('keeps at most three live secrets and says when one ends; 0 ends all others', async () => {
    const { webhook_endpoint: endpoint } = await create();
    await rotate(endpoint.id);
    expect((await rotate(endpoint.id)).body.webhook_endpoint.secrets).toHaveLength(3);
    const refused = await rotate(endpoint.id);
    expect(refused.status).toBe(422);
    expect(refused.body.error).toMatchObject({
      code: 'too_many_live_secrets',
      details: { retry_time: expect.any(String) },
    });
    const { status, body } = await rotate(endpoint.id, { overlap_seconds: 0 });
    expect(status).toBe(200);
    expect(body.webhook_endpoint.secrets).toHaveLength(1);
  });

  it.each([-1, 604_801, 'x'])('refuses overlap_seconds %j with 400', async (overlap_seconds) => {
    const { webhook_endpoint: endpoint } = await create();
    expect((await rotate(endpoint.id, { overlap_seconds })).status).toBe(400);
  });
});

describe(':test', () => {
  const send = (id: string, body?: object) =>
    local.api.call<DeliveryAnswer & ErrorBody>('POST', `/webhook_endpoints/${id}:test`, body);

  it('makes an example event due to this endpoint, whatever its filters, and shows it among the deliveries', async () => {
    const { webhook_endpoint: endpoint } = await create({ event_types: ['organization.directory_deleted'] });
    const { status, body } = await send(endpoint.id);
    expect(status).toBe(202);
    expect(body.delivery).toMatchObject({
      webhook_endpoint_id: endpoint.id,
      event_id: expect.stringMatching(/^evt_/),
      event_type: 'organization.directory.user_created',
      directory_id: null,
      sequence: null,
      state: 'pending',
      attempt: 0,
      test: true,
      attempts: [],
    });
    const { body: list } = await local.api.call<DeliveryList>('GET', `/webhook_endpoints/${endpoint.id}/deliveries`);
    expect(list.deliveries).toEqual([body.delivery]);
    const [stored] = await sql<{ body: string }>(
      'SELECT body FROM deliveries WHERE endpoint_id = $1',
      endpoint.id.slice(4),
    );
    expect(JSON.parse(stored?.body ?? '')).toMatchObject({
      id: body.delivery.event_id,
      type: 'organization.directory.user_created',
      sequence: null,
    });
    expect((await local.api.call<{ events: object[] }>('GET', '/events')).body.events).toEqual([]);
  });

  it('takes every type, operational ones included, and refuses others and unknown fields with 400', async () => {
    const { webhook_endpoint: endpoint } = await create();
    for (const type of [...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES]) {
      expect((await send(endpoint.id, { type })).body.delivery.event_type).toBe(type);
    }
    for (const body of [{ type: 'user_created' }, { type: 7 }, { kind: 'x' }]) {
      expect((await send(endpoint.id, body)).status).toBe(400);
    }
  });

  it('is refused with 422 while the endpoint is disabled, as :retry is', async () => {
    const { webhook_endpoint: endpoint } = await create({ enabled: false });
    const { status, body } = await send(endpoint.id);
    expect([status, body.error.code]).toEqual([422, 'webhook_endpoint_disabled']);
  });
});

describe('deliveries', () => {
  const tenantOf = async (directoryId: string) =>
    (
      await sql<{ environment_id: string }>(
        'SELECT environment_id FROM directory_counters WHERE directory_id = $1',
        directoryId,
      )
    )[0]?.environment_id;

  async function seedDelivery(endpointId: string, directoryId: string, sequence: number, state = 'pending') {
    const id = newId();
    await sql(
      `INSERT INTO deliveries (directory_id, id, environment_id, endpoint_id, event_id, event_type, sequence, resource_id, state,
         attempt, first_attempt_time, next_attempt_time, last_status)
       VALUES ($1, $2, $3, $4, $5, 'organization.directory.user_created', $6, 'u', $7, 1, now(), now() + interval '1 hour', 500)`,
      directoryId,
      id,
      await tenantOf(directoryId),
      endpointId.slice(4),
      newId(),
      sequence,
      state,
    );
    await sql(
      `INSERT INTO delivery_attempts (directory_id, delivery_id, attempt, environment_id, endpoint_id, start_time, status, phases,
         response_headers, response_body) VALUES ($1, $2, 1, $3, $4, now(), 500, '{"total": 12}', '{"x": "y"}', 'oops')`,
      directoryId,
      id,
      await tenantOf(directoryId),
      endpointId.slice(4),
    );
    return `dlv_${id}`;
  }

  it('are listed with their attempts, newest first, in pages, by state', async () => {
    const { webhook_endpoint: endpoint } = await create();
    const directory = await local.newDirectory();
    const first = await seedDelivery(endpoint.id, directory.id.slice(4), 1, 'succeeded');
    const second = await seedDelivery(endpoint.id, directory.id.slice(4), 2);
    const path = `/webhook_endpoints/${endpoint.id}/deliveries`;
    const { body } = await local.api.call<DeliveryList>('GET', path);
    expect(body.deliveries.map(({ id }) => id)).toEqual([second, first]);
    expect(body.deliveries[0]).toMatchObject({
      webhook_endpoint_id: endpoint.id,
      directory_id: directory.id,
      sequence: 2,
      state: 'pending',
      attempts: [
        { attempt: 1, status: 500, phases: { total: 12 }, response_headers: { x: 'y' }, response_body: 'oops' },
      ],
    });
    const page = await local.api.call<DeliveryList>('GET', `${path}?page_size=1`);
    const next = await local.api.call<DeliveryList>(
      'GET',
      `${path}?page_size=1&page_token=${page.body.next_page_token}`,
    );
    expect(next.body.deliveries.map(({ id }) => id)).toEqual([first]);
    const filtered = await local.api.call<DeliveryList>('GET', `${path}?state=succeeded`);
    expect([filtered.body.total_size, filtered.body.deliveries[0]?.id]).toEqual([1, first]);
    expect((await local.api.call('GET', `${path}?state=odd`)).status).toBe(400);
  });

  it('are found by the type of their event and by whose it is', async () => {
    const { webhook_endpoint: endpoint } = await create();
    const [one, other] = [await local.newDirectory(), await local.newDirectory()];
    const wanted = await seedDelivery(endpoint.id, one.id.slice(4), 1);
    await seedDelivery(endpoint.id, other.id.slice(4), 1);
    const path = `/webhook_endpoints/${endpoint.id}/deliveries`;
    const find = async (query: string) => {
      const { body } = await local.api.call<DeliveryList>('GET', `${path}?${query}`);
      return [body.total_size, ...body.deliveries.map(({ id }) => id)];
    };
    expect(await find(`organization_id=${one.organization_id}`)).toEqual([1, wanted]);
    expect((await find('event_type=organization.directory.user_created'))[0]).toBe(2);
    expect(await find('event_type=organization.directory.user_deleted')).toEqual([0]);
  });

  it('are each shown with what they send, as long as that is kept', async () => {
    const { webhook_endpoint: endpoint } = await create();
    const path = `/webhook_endpoints/${endpoint.id}`;
    const tested = await local.api.call<DeliveryAnswer>('POST', `${path}:test`);
    const read = (id: string) => local.api.call<DeliveryWithBodyAnswer>('GET', `${path}/deliveries/${id}`);
    const { body } = await read(tested.body.delivery.id);
    expect(body.delivery).toEqual(tested.body.delivery);
    expect(JSON.parse(body.request_body ?? '')).toMatchObject({ id: tested.body.delivery.event_id, test: true });
    const gone = await seedDelivery(endpoint.id, (await local.newDirectory()).id.slice(4), 1);
    expect((await read(gone)).body).toMatchObject({ delivery: { id: gone }, request_body: null });
    expect((await read(`dlv_${newId()}`)).status).toBe(404);
  });

  it.each(['pending', 'failed', 'succeeded', 'canceled'])('in state %s are due at once after :retry', async (state) => {
    const { webhook_endpoint: endpoint } = await create();
    const directory = await local.newDirectory();
    const delivery = await seedDelivery(endpoint.id, directory.id.slice(4), 1, state);
    const path = `/webhook_endpoints/${endpoint.id}/deliveries/${delivery}:retry`;
    const { status, body } = await local.api.call<DeliveryAnswer>('POST', path);
    expect(status).toBe(200);
    expect(body.delivery).toMatchObject({ id: delivery, state: 'pending', attempt: 1, finish_time: null });
    expect(Date.parse(body.delivery.next_attempt_time ?? '')).toBeLessThanOrEqual(Date.now() + 1_000);
    expect((await local.foreign.call('POST', path)).status).toBe(404);
    expect((await local.api.call('POST', path.replace(/.{4}:/, '0000:'))).status).toBe(404);
  });

  it('that wait are shown as a number, and discarded when the owner asks for it', async () => {
    const { webhook_endpoint: endpoint } = await create({ enabled: false });
    const directory = await local.newDirectory();
    const states = ['succeeded', 'pending', 'failed', 'pending'];
    for (const [index, state] of states.entries())
      await seedDelivery(endpoint.id, directory.id.slice(4), index + 1, state);
    const path = `/webhook_endpoints/${endpoint.id}`;
    const shown = async () =>
      (await local.api.call<WebhookEndpointAnswer>('GET', path)).body.webhook_endpoint.health.pending_deliveries;
    expect(await shown()).toBe(2);
    const discard = await local.api.call('POST', `${path}:discard_pending`);
    expect([discard.status, discard.body]).toEqual([200, { canceled: 2, has_more: false }]);
    expect(await shown()).toBe(0);
    const { body } = await local.api.call<DeliveryList>('GET', `${path}/deliveries?state=canceled`);
    expect(body.deliveries.map(({ sequence, finish_time: time }) => [sequence, time !== null])).toEqual([
      [4, true],
      [2, true],
    ]);
    expect((await local.api.call('POST', `${path}:discard_pending`)).body).toEqual({ canceled: 0, has_more: false });
  });

  it('are discarded in slices, however many they are', async () => {
    const { webhook_endpoint: endpoint } = await create({ enabled: false });
    await sql(
      `INSERT INTO deliveries (directory_id, id, environment_id, endpoint_id, event_id, event_type, resource_id, state, next_attempt_time)
       SELECT '', $2 || lpad(n::text, 16, '0'), environment_id, id, '', 'x', '', 'pending', now() FROM webhook_endpoints, generate_series(1, 2500) n
       WHERE id = $1`,
      endpoint.id.slice(4),
      newId(Date.now() - 60_000).slice(0, 10),
    );
    const path = `/webhook_endpoints/${endpoint.id}:discard_pending`;
    expect((await local.api.call('POST', path)).body).toEqual({ canceled: 2500, has_more: false });
  });

  it('that wait for a retry are due when the endpoint is enabled again, and it is remembered since when', async () => {
    const { webhook_endpoint: endpoint } = await create({ enabled: false });
    const directory = await local.newDirectory();
    await seedDelivery(endpoint.id, directory.id.slice(4), 1);
    await local.api.call('PATCH', `/webhook_endpoints/${endpoint.id}`, { enabled: true });
    const rows = await sql(
      `SELECT d.next_attempt_time <= now() AS due, d.first_attempt_time IS NOT NULL AS attempted,
         e.enabled_time > now() - interval '1 minute' AS remembered
       FROM deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id WHERE d.endpoint_id = $1`,
      endpoint.id.slice(4),
    );
    expect(rows).toEqual([{ due: true, attempted: true, remembered: true }]);
  });

  it('of a disabled endpoint are not retried: 422', async () => {
    const { webhook_endpoint: endpoint } = await create({ enabled: false });
    const directory = await local.newDirectory();
    const delivery = await seedDelivery(endpoint.id, directory.id.slice(4), 1, 'failed');
    const path = `/webhook_endpoints/${endpoint.id}/deliveries/${delivery}:retry`;
    const { status, body } = await local.api.call<ErrorBody>('POST', path);
    expect([status, body.error.code]).toEqual([422, 'webhook_endpoint_disabled']);
  });
});
