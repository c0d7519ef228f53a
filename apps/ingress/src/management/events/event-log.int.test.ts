import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { runAsAdmin } from '../../testing/seed-directory';
import type { DirectoryItem } from '../directories/directory.dto';
import type { DeliveryList } from '../webhook-endpoints/delivery.dto';
import { drain } from '../testing/drain.test-support';
import { startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { LatestEventsAnswer } from './event-log.dto';

let test: TestApi;
let directory: DirectoryItem;
let other: DirectoryItem;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  [directory, other] = [await test.newDirectory(), await test.newDirectory()];
  const scim = await test.newScim(directory);
  for (const name of ['ann', 'bea', 'cem']) {
    await scim.call('POST', '/Users', { userName: `${name}@acme.test`, displayName: name.toUpperCase() });
  }
  await drain(test.database.appUrl, directory.id);
  await drain(test.database.appUrl, other.id);
});

afterAll(() => test.stop());

const sql = <Row>(text: string, ...values: unknown[]) => runAsAdmin<Row>(test.database.adminUrl, [[text, values]]);
const latest = async (query = '') =>
  (await test.api.call<LatestEventsAnswer & ErrorBody>('GET', `/events:latest?${query}`)).body;
const users = 'types=organization.directory.user_created';

describe('GET /events:latest', () => {
  it('tells the newest first, with what each is about', async () => {
    const { events, next_page_token } = await latest(users);
    expect(events.map(({ name, sequence }) => [name, sequence])).toEqual([
      ['CEM', 4],
      ['BEA', 3],
      ['ANN', 2],
    ]);
    expect(events[0]).toMatchObject({
      object: 'DirectoryUser',
      organization_id: directory.organization_id,
      directory_id: directory.id,
    });
    expect(next_page_token).toBe('');
  });

  it('goes on to the older, each once', async () => {
    const first = await latest(`${users}&page_size=2`);
    const second = await latest(`${users}&page_size=2&page_token=${first.next_page_token}`);
    expect([...first.events, ...second.events].map(({ name }) => name)).toEqual(['CEM', 'BEA', 'ANN']);
    expect(second.next_page_token).toBe('');
  });

  it('takes a page token of the same filters alone', async () => {
    const { next_page_token } = await latest(`${users}&page_size=2`);
    expect((await latest(`page_token=${next_page_token}`)).error.code).toBe('invalid_page_token');
  });

  it.each([
    ['directory_id', () => `directory_id=${other.id}`],
    ['organization_id', () => `organization_id=${other.organization_id}`],
  ])('shows by %s only what is asked for', async (_, query) => {
    const { events } = await latest(query());
    expect(events.map((event) => event.directory_id)).toEqual([other.id]);
  });

  it('shows what was made in a time', async () => {
    const past = new Date(Date.now() - 3_600_000).toISOString();
    expect((await latest(`to_time=${past}`)).events).toEqual([]);
    expect((await latest(`from_time=${past}`)).events.length).toBeGreaterThan(3);
  });

  it('does not find the directory or organization of another environment', async () => {
    const query = `directory_id=${directory.id}`;
    expect((await test.foreign.call('GET', `/events:latest?${query}`)).status).toBe(404);
    expect((await test.foreign.call<LatestEventsAnswer>('GET', '/events:latest')).body.events).toEqual([]);
  });

  it('looks at a bounded number for a page, says that there is more, and goes on from there', async () => {
    const scarce = await test.newDirectory();
    await drain(test.database.appUrl, scarce.id);
    await sql(
      `INSERT INTO events (directory_id, id, sequence, environment_id, organization_id, type, resource_id, occurred_at, body)
       SELECT $1, $2 || lpad(n::text, 16, '0'), n + 10, $3, $4, 'organization.directory.user_updated', 'u', now(), '{"data":{}}'
       FROM generate_series(1, 20500) n`,
      scarce.id.slice(4),
      newId().slice(0, 10),
      test.ingress.credentials.environment_id.slice(4),
      scarce.organization_id.slice(4),
    );
    const first = await latest(users);
    expect(first.events).toEqual([]);
    expect(first.next_page_token).not.toBe('');
    const second = await latest(`${users}&page_token=${first.next_page_token}`);
    expect(second.events.map(({ name }) => name)).toEqual(['CEM', 'BEA', 'ANN']);
  });
});

describe('GET /events/{id}', () => {
  it('answers the stored text, byte for byte', async () => {
    const [event] = (await latest(`${users}&directory_id=${directory.id}`)).events;
    const [stored] = await sql<{ body: string }>('SELECT body FROM events WHERE id = $1', event?.id.slice(4));
    const answer = await fetch(`${test.ingress.baseUrl}/api/v1/events/${event?.id}`, {
      headers: { authorization: `Bearer ${test.api.accessToken}` },
    });
    expect([answer.status, await answer.text()]).toEqual([200, `{"event":${stored?.body}}`]);
  });

  it.each(['', '/deliveries'])(
    'is not there for another environment, nor by an id that there is not (%s)',
    async (part) => {
      const [event] = (await latest(`directory_id=${directory.id}`)).events;
      const asked = await test.foreign.call<ErrorBody>('GET', `/events/${event?.id}${part}`);
      expect([asked.status, asked.body.error.code]).toEqual([404, 'event_not_found']);
      expect((await test.api.call('GET', `/events/evt_${newId()}${part}`)).status).toBe(404);
    },
  );

  it('leads to its deliveries to every endpoint, and to no other event’s', async () => {
    const [first, second] = (await latest(`directory_id=${directory.id}`)).events;
    const [one, two] = [await newEndpoint(), await newEndpoint()];
    const wanted = [await seedDelivery(one, first?.id), await seedDelivery(two, first?.id)];
    await seedDelivery(one, second?.id);
    const { body } = await test.api.call<DeliveryList>('GET', `/events/${first?.id}/deliveries`);
    expect(body.deliveries.map(({ id }) => id)).toEqual(wanted.toReversed());
    expect(body.total_size).toBe(2);
  });
});

async function newEndpoint(): Promise<string> {
  const url = 'http://127.0.0.1:9/';
  const { body } = await test.api.call<{ webhook_endpoint: { id: string } }>('POST', '/webhook_endpoints', { url });
  return body.webhook_endpoint.id;
}

async function seedDelivery(endpointId: string, eventId = ''): Promise<string> {
  const id = newId();
  await sql(
    `INSERT INTO deliveries (directory_id, id, environment_id, endpoint_id, event_id, event_type, sequence, resource_id, state,
       next_attempt_time)
     VALUES ($1, $2, $3, $4, $5, 'organization.directory.user_created', 1, 'u', 'pending', now())`,
    directory.id.slice(4),
    id,
    test.ingress.credentials.environment_id.slice(4),
    endpointId.slice(4),
    eventId.slice(4),
  );
  return `dlv_${id}`;
}
