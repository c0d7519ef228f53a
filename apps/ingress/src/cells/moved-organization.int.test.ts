import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClientSecretAnswer } from '../management/api-clients/api-client.dto';
import type { DirectoryItem } from '../management/directories/directory.dto';
import type { IssuedSecretAnswer } from '../management/secrets/secret.dto';
import { connectApi } from '../management/testing/api-client';
import type { ApiClient } from '../management/testing/api-client';
import { drain } from '../management/testing/drain.test-support';
import { connectScim, pathOf } from '../management/testing/start-api';
import type { ErrorBody, ScimClient } from '../management/testing/start-api';
import { hasOrganization, startTestCells } from './start-test-cells.test-support';
import type { TestCells } from './start-test-cells.test-support';

let test: TestCells;
let directory: DirectoryItem;
let scim: ScimClient;
/** Another organization of b, whose events lie between. */
let neighbour: { directory: DirectoryItem; scim: ScimClient };
/** Clients that are limited to the organization, made before and after the move. */
const clients: ApiClient[] = [];
/** A user who was deleted before the move. */
let gone: string;

beforeAll(async () => {
  test = await startTestCells();
  await test.whenJoined();
  [directory, scim] = await newDirectory('control');
  const [other, ofOther] = await newDirectory('b');
  neighbour = { directory: other, scim: ofOther };
  gone = await addPerson(scim);
  for (let turn = 0; turn < 3; turn++) await addPerson(scim);
  expect((await scim.call('DELETE', `/Users/${gone}`)).status).toBe(204);
  await drain(test.control.appUrl, directory.id);
  await addPerson(neighbour.scim);
  await drain(test.b.appUrl, neighbour.directory.id);
  clients.push(await newClient());
  await test.move(directory.organization_id, 'b');
  clients.push(await newClient());
  await addPerson(scim);
  await drain(test.b.appUrl, directory.id);
  await addPerson(neighbour.scim);
  await drain(test.b.appUrl, neighbour.directory.id);
  await addPerson(scim);
  await drain(test.b.appUrl, directory.id);
});

afterAll(() => test?.stop());

async function newDirectory(cell: 'control' | 'b'): Promise<[DirectoryItem, ScimClient]> {
  const made = await test.newDirectory(await test.newOrganization(cell));
  const { body } = await test.api.call<IssuedSecretAnswer>('POST', `${pathOf(made)}/secrets`);
  return [made, connectScim(test.baseUrl, made, body.plain_secret)];
}

/** A client of the organization alone. */
async function newClient(): Promise<ApiClient> {
  const client = { name: 'Limited', scopes: ['read'], organization_id: directory.organization_id };
  const { body } = await test.api.call<ApiClientSecretAnswer>('POST', '/api_clients', client);
  const { client_secret, api_client } = body;
  return connectApi(test.baseUrl, { ...test.credentials, client_id: api_client.client_id, client_secret });
}

let people = 0;
async function addPerson(client: ScimClient): Promise<string> {
  people += 1;
  const { status, body } = await client.call('POST', '/Users', { userName: `person${people}@acme.test` });
  expect(status).toBe(201);
  return body.id;
}

interface Feed {
  events: { id: string; directory_id: string; sequence: number }[];
  next_after: string;
  has_more: boolean;
}

async function readFeed(query: string, size: number, api = test.api): Promise<Feed['events']> {
  const events: Feed['events'] = [];
  for (let start = query; ;) {
    const { status, body } = await api.call<Feed>('GET', `/events?page_size=${size}${start}`);
    expect([start, status]).toEqual([start, 200]);
    events.push(...body.events);
    if (!body.has_more) return events;
    const filter = query.replace(/&after[^&]*/, '');
    start = `${filter}&after=${encodeURIComponent(body.next_after)}`;
  }
}

const sequencesOf = (events: Feed['events']) => events.map(({ sequence }) => sequence);
const upTo = (last: number, after = 0) => Array.from({ length: last - after }, (_, index) => after + index + 1);

describe('an organization that was moved', () => {
  it('is served by its new cell, with its tokens and its people', async () => {
    expect(await hasOrganization(test.b, directory.organization_id)).toBe(true);
    expect((await scim.call('GET', '/Users')).body).toMatchObject({ totalResults: 5 });
    const { status, body } = await test.api.call<{ directory: DirectoryItem }>('GET', pathOf(directory));
    expect([status, body.directory.total_users]).toEqual([200, 5]);
    expect((await test.api.call('GET', '/organizations')).body).toMatchObject({ total_size: 2 });
  });

  it('has the events of its directory by their numbers, from any of them on, over both cells', async () => {
    const last = (await readFeed(`&directory_id=${directory.id}`, 100)).at(-1)?.sequence ?? 0;
    expect(last).toBeGreaterThan(7);
    for (const size of [1, 2, 100]) {
      expect(sequencesOf(await readFeed(`&directory_id=${directory.id}`, size))).toEqual(upTo(last));
      for (let after = 0; after <= last; after++) {
        const query = `&directory_id=${directory.id}&after_sequence=${after}`;
        expect(sequencesOf(await readFeed(query, size))).toEqual(upTo(last, after));
      }
    }
    const ahead = await test.api.call<ErrorBody>(
      'GET',
      `/events?directory_id=${directory.id}&after_sequence=${last + 1}`,
    );
    expect([ahead.status, ahead.body.error.code]).toEqual([410, 'events_ahead']);
  });

  it('has them in order behind one of its events, in the feed of the organization and in that of all', async () => {
    const whole = await readFeed('', 100);
    expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);
    for (const size of [1, 3]) expect(await readFeed('', size)).toEqual(whole);
    const own = whole.filter(({ directory_id }) => directory_id === directory.id);
    expect(sequencesOf(own)).toEqual(upTo(own.length));
    const others = whole.filter(({ directory_id }) => directory_id === neighbour.directory.id);
    expect(sequencesOf(others)).toEqual(upTo(others.length));
    for (const filter of [`&directory_id=${directory.id}`, `&organization_id=${directory.organization_id}`]) {
      expect(sequencesOf(await readFeed(filter, 2))).toEqual(upTo(own.length));
    }
    for (const { id, sequence } of own) {
      const behind = await readFeed(`&directory_id=${directory.id}&after=${id}`, 2);
      expect(sequencesOf(behind)).toEqual(upTo(own.length, sequence));
      // The others are read from some minutes before it.
      const behindInAll = await readFeed(`&after=${id}`, 2);
      const ownBehind = behindInAll.filter(({ directory_id }) => directory_id === directory.id);
      expect(sequencesOf(ownBehind)).toEqual(expect.arrayContaining(upTo(own.length, sequence)));
    }
  });

  it('has them all for its own clients too, and no others', async () => {
    const own = await readFeed(`&directory_id=${directory.id}`, 100);
    for (const client of clients) {
      for (const size of [1, 3, 100]) expect(await readFeed('', size, client)).toEqual(own);
      expect(sequencesOf(await readFeed(`&directory_id=${directory.id}&after_sequence=2`, 2, client))).toEqual(
        upTo(own.length, 2),
      );
      for (const { id, sequence } of own) {
        expect((await client.call('GET', `/events/${id}`)).status).toBe(200);
        expect(sequencesOf(await readFeed(`&after=${id}`, 2, client))).toEqual(
          expect.arrayContaining(upTo(own.length, sequence)),
        );
      }
      const latest = await client.call<Feed>('GET', '/events:latest?page_size=3');
      expect(sequencesOf(latest.body.events)).toEqual(upTo(own.length, own.length - 3).toReversed());
      expect((await client.call('GET', `/events?directory_id=${neighbour.directory.id}`)).status).not.toBe(200);
    }
  });

  it('has a person erased whose events are in the cell that it has left', async () => {
    const path = `${pathOf(directory)}/users/diruser_${gone}:erase`;
    const started = await test.api.call<{ erasure: { id: string } }>('POST', path);
    expect(started.status).toBe(202);
    expect((await test.api.call('GET', `/erasures/${started.body.erasure.id}`)).status).toBe(200);
    expect((await test.api.call<{ total_size: number }>('GET', '/erasures')).body.total_size).toBe(1);
    const unknown = await test.api.call('POST', `${pathOf(directory)}/users/diruser_01hzyzzzzzzzzzzzzzzzzzzzzz:erase`);
    expect(unknown.status).toBe(404);
  });
});
