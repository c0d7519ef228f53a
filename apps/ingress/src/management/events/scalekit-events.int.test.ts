import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { ApiClientSecretAnswer } from '../api-clients/api-client.dto';
import type { DirectoryItem } from '../directories/directory.dto';
import { connectApi } from '../testing/api-client';
import { drain } from '../testing/drain.test-support';
import { startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { ScalekitEventList } from './scalekit-event.dto';

let test: TestApi;
let directory: DirectoryItem;
let other: DirectoryItem;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  [directory, other] = [await test.newDirectory(), await test.newDirectory()];
  for (const [place, names] of [
    [directory, ['ann', 'bea', 'cem']],
    [other, ['dov']],
  ] as const) {
    const scim = await test.newScim(place);
    for (const name of names) await scim.call('POST', '/Users', { userName: `${name}@acme.test` });
    await drain(test.database.appUrl, place.id);
  }
});

afterAll(() => test.stop());

const ask = (filter?: object, query = '', api = test.api) =>
  api.call<ScalekitEventList & ErrorBody>('POST', `/events/paginated?${query}`, filter);
const listed = async (filter?: object, query = '') => (await ask(filter, query)).body;
const namesOf = ({ events }: ScalekitEventList) => events.map(({ data }) => data['preferred_username']);
const created = { event_types: ['organization.directory.user_created'] };

describe('POST /events/paginated', () => {
  it('answers the newest first, in Scalekit’s form and of its types alone', async () => {
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(namesOf(body)).toEqual(['dov@acme.test', 'cem@acme.test', 'bea@acme.test', 'ann@acme.test']);
    expect([body.next_page_token, body.prev_page_token]).toEqual(['', '']);
    expect(body.events[0]).toEqual({
      spec_version: '1',
      id: expect.stringMatching(/^evt_/),
      type: 'organization.directory.user_created',
      occurred_at: expect.stringMatching(/Z$/),
      environment_id: expect.stringMatching(/^env_/),
      organization_id: other.organization_id,
      object: 'DirectoryUser',
      data: expect.objectContaining({ directory_id: other.id, emails: [], active: true }),
      display_name: 'Directory user created',
    });
  });

  it('goes on to the older, each once, with a token of the same filter alone', async () => {
    const first = await listed(created, 'page_size=3');
    const rest = await listed(created, `page_size=3&page_token=${first.next_page_token}`);
    expect([namesOf(first), namesOf(rest), rest.next_page_token]).toEqual([
      ['dov@acme.test', 'cem@acme.test', 'bea@acme.test'],
      ['ann@acme.test'],
      '',
    ]);
    expect((await listed({}, `page_token=${first.next_page_token}`)).error.code).toBe('invalid_page_token');
  });

  it('filters by type, organization and time, and finds none of what there is none of', async () => {
    const past = new Date(Date.now() - 3_600_000).toISOString();
    expect(namesOf(await listed({ organization_id: other.organization_id }))).toEqual(['dov@acme.test']);
    expect((await listed({ ...created, start_time: past, source: 'DIR_SYNC' })).events).toHaveLength(4);
    for (const filter of [
      { end_time: past },
      { event_types: ['user.login', 'organization.directory_created'] },
      { connection_id: 'conn_1' },
    ])
      expect((await listed(filter)).events).toEqual([]);
    expect((await listed({ ...created, connection_id: '' })).events).toHaveLength(4);
  });

  it('shows a client of one organization its own, and another environment none', async () => {
    const { body } = await test.api.call<ApiClientSecretAnswer>('POST', '/api_clients', {
      name: 'Other',
      scopes: ['read'],
      organization_id: other.organization_id,
    });
    const { client_id } = body.api_client;
    const { client_secret } = body;
    const { environment_id } = test.ingress.credentials;
    const client = await connectApi(test.ingress.baseUrl, { environment_id, client_id, client_secret });
    expect(namesOf((await ask({}, '', client)).body)).toEqual(['dov@acme.test']);
    expect((await ask({ organization_id: directory.organization_id }, '', client)).status).toBe(404);
    expect((await ask({}, '', test.foreign)).body.events).toEqual([]);
  });

  it.each([
    [{ event_types: 'organization.directory.user_created' }, '"event_types" must be a list'],
    [{ event_types: [''] }, '"event_types" must be a list'],
    [{ organization_id: 'acme' }, '"organization_id" must be an id'],
    [{ start_time: 'yesterday' }, '"start_time" must be a time'],
    [{ filter: {} }, '"filter" is not a known field; known here: event_types'],
  ])('refuses %j with 400', async (filter, message) => {
    const { status, body } = await ask(filter);
    expect([status, body.error.message]).toEqual([400, expect.stringContaining(message)]);
  });
});
