import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryItem } from '../directories/directory.dto';
import { drain } from '../testing/drain.test-support';
import { startErasing } from '../testing/erasing';
import type { StoredEvent } from '../testing/erasing';
import { searchDatabase } from '../testing/search-database';
import { pathOf, startApi } from '../testing/start-api';
import type { ErrorBody, ScimClient, TestApi } from '../testing/start-api';
import type { ErasureAnswer, ErasureList } from './erasure.dto';

let test: TestApi;
let work: Awaited<ReturnType<typeof startErasing>>;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  work = await startErasing(test.database);
});

afterAll(async () => {
  await work.stop();
  await test.stop();
});

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** A person each of whose values has a word in it that nothing else has. */
function person(word: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
    userName: `${word}.name@acme.test`,
    externalId: `${word}-external`,
    displayName: `${word} Display`,
    name: { givenName: `${word}given`, familyName: `${word}family`, formatted: `${word} formatted` },
    emails: [
      { value: `${word}.work@acme.test`, type: 'work', primary: true },
      { value: `${word}.home@acme.test`, type: 'home' },
    ],
    phoneNumbers: [{ value: `+49 ${word}`, type: 'work' }],
    addresses: [{ formatted: `${word} street`, country: 'DE' }],
    title: `${word} title`,
    [ENTERPRISE]: { employeeNumber: `${word}-7`, department: `${word} department` },
  };
}

async function addUser(scim: ScimClient, word: string): Promise<string> {
  return (await scim.call('POST', '/Users', person(word))).body.id;
}

const changeMembers = (scim: ScimClient, groupId: string, op: 'add' | 'remove', values: string[]) =>
  scim.call('PATCH', `/Groups/${groupId}`, {
    schemas: [PATCH],
    Operations: [{ op, path: 'members', value: values.map((value) => ({ value })) }],
  });

/** All requests whose answers, or whose bodies, name a user that is not the one in the address. */
async function lookUpEveryWay(scim: ScimClient, word: string): Promise<void> {
  const filters = [`externalId eq "${word}-external"`, `emails.value eq "${word}.work@acme.test"`];
  await scim.call('GET', '/Users?count=100');
  for (const filter of filters) await scim.call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
  await scim.call('POST', '/Users/.search', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
    filter: filters[0],
  });
  for (const data of [person(word), { displayName: word }]) {
    await scim.call('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [{ method: 'POST', path: '/Users', bulkId: word, data }],
    });
  }
}

/** A directory that has told of a person and of another one in all ways, and of the person's deletion. */
async function afterDeletion(word: string) {
  const directory = await test.newDirectory();
  const scim = await test.newScim(directory);
  const userId = await addUser(scim, word);
  const otherId = await addUser(scim, `other${directory.id.slice(-6)}`);
  const group = await scim.call('POST', '/Groups', {
    displayName: 'Staff',
    members: [{ value: userId }, { value: otherId }],
  });
  await drain(test.database.appUrl, directory.id);
  const rename = { schemas: [PATCH], Operations: [{ op: 'replace', value: { displayName: `${word} Second` } }] };
  await scim.call('PATCH', `/Users/${userId}`, rename);
  await changeMembers(scim, group.body.id, 'remove', [userId, otherId]);
  await drain(test.database.appUrl, directory.id);
  await changeMembers(scim, group.body.id, 'add', [userId]);
  await changeMembers(scim, group.body.id, 'add', [otherId]);
  await drain(test.database.appUrl, directory.id);
  expect((await scim.call('DELETE', `/Users/${userId}`)).status).toBe(204);
  await drain(test.database.appUrl, directory.id);
  await changeMembers(scim, group.body.id, 'add', [`${word}-external`, userId]);
  await work.deliverAll(directory);
  return { directory, scim, userId, otherId };
}

const erase = (directory: Pick<DirectoryItem, 'id' | 'organization_id'>, userId: string, api = test.api) =>
  api.call<ErasureAnswer & ErrorBody>('POST', `${pathOf(directory)}/users/diruser_${userId}:erase`);

const show = async (id: string) => (await test.api.call<ErasureAnswer>('GET', `/erasures/${id}`)).body.erasure;

const namesUser = (userId: string) => (event: StoredEvent) => event.body.includes(userId);

describe('a person who is erased', () => {
  it('is found nowhere in the database, while the log keeps its numbers, its ids and everything of others', async () => {
    const { directory, userId, otherId } = await afterDeletion('zorro');
    const before = await work.eventsOf(directory);
    expect((await searchDatabase(test.database.adminUrl, 'zorro')).length).toBeGreaterThan(10);
    const { status, body } = await erase(directory, userId);
    expect([status, body.erasure]).toMatchObject([202, { user_id: `diruser_${userId}`, directory_id: directory.id }]);
    await work.run();
    expect(await searchDatabase(test.database.adminUrl, 'zorro')).toEqual([]);

    const after = await work.eventsOf(directory);
    expect(after.map(({ id, sequence }) => [id, sequence])).toEqual(before.map(({ id, sequence }) => [id, sequence]));
    expect(after.map(({ sequence }) => Number(sequence))).toEqual(after.map((_, index) => index + 1));
    const touched = before.flatMap((event, index) => (namesUser(userId)(event) ? [index] : []));
    expect(after.filter((_, index) => !touched.includes(index))).toEqual(
      before.filter((_, index) => !touched.includes(index)),
    );
    for (const index of touched) {
      const [old, redacted] = [before[index], after[index]].map((event) => JSON.parse(event?.body ?? '') as Body);
      expect(redacted?.erased).toBe(true);
      expect(JSON.stringify(redacted)).toBe(after[index]?.body);
      expect(shape(redacted)).toEqual(shape(old));
    }
    const others = after.filter(({ resource_id: id }) => id === otherId);
    expect(others.length).toBeGreaterThan(2);
    const email = `other${directory.id.slice(-6)}.work@acme.test`;
    expect(
      after.filter(({ body: text }) => text.includes('group_members_changed') && text.includes(email)).length,
    ).toBe(3);

    await work.run();
    expect(await show(body.erasure.id)).toMatchObject({
      state: 'finished',
      counts: { events: touched.length, delivery_attempts: touched.length, unresolved_members: 2 },
      finish_time: expect.any(String),
    });
  });

  it('leaves the log of requests, with those that only named it', async () => {
    const { directory, scim, userId, otherId } = await afterDeletion('tiberius');
    await scim.call('POST', '/Users', { ...person('tiberius'), name: 'none' });
    const paths = async () =>
      (await work.query<{ path: string }>(directory, 'SELECT path FROM scim_requests WHERE directory_id = $1')).map(
        ({ path }) => path,
      );
    await waitUntil(async () => (await paths()).length >= 10);
    await erase(directory, userId);
    await work.run();
    expect(await searchDatabase(test.database.adminUrl, 'tiberius')).toEqual([]);
    expect((await paths()).filter((path) => path.includes(userId))).toEqual([]);
    const others = await work.query(
      directory,
      `SELECT 1 FROM scim_requests WHERE directory_id = $1 AND resource_id = '${otherId}'`,
    );
    expect(others).toHaveLength(1);
  });

  it.each([false, true])('was named by no list in the log of requests; bodies kept whole: %s', async (keepsBodies) => {
    const word = keepsBodies ? 'ulysses' : 'umberto';
    await test.api.call('PATCH', '/request_log_settings', { keep_bodies: keepsBodies });
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    const inLog = async () =>
      (await work.query(directory, 'SELECT 1 FROM scim_requests WHERE directory_id = $1')).length;
    const userId = await addUser(scim, word);
    // What is kept of bodies is known from then on.
    await waitUntil(async () => (await inLog()) === 1);
    await lookUpEveryWay(scim, word);
    await scim.call('DELETE', `/Users/${userId}`);
    await waitUntil(async () => (await inLog()) === 8);
    await drain(test.database.appUrl, directory.id);
    await work.deliverAll(directory);
    await erase(directory, userId);
    await work.run();
    expect(await searchDatabase(test.database.adminUrl, word)).toEqual([]);
    expect(await inLog()).toBe(6);
    await test.api.call('PATCH', '/request_log_settings', { keep_bodies: false });
  });

  it('is shown by the feed as redacted, with every field of a user', async () => {
    const { directory, userId } = await afterDeletion('yorick');
    await erase(directory, userId);
    await work.run();
    const { body } = await test.api.call<{ events: Body[] }>('GET', `/events?directory_id=${directory.id}`);
    const deleted = body.events.find(({ type }) => type === 'organization.directory.user_deleted');
    expect(deleted).toMatchObject({
      erased: true,
      data: { id: `diruser_${userId}`, email: null, emails: [], groups: [], custom_attributes: {}, manager: null },
    });
    expect(Object.keys(deleted?.data ?? {})).toHaveLength(31);
    const stored = (await work.eventsOf(directory)).map((event) => event.body);
    expect(body.events.map((event) => JSON.stringify(event))).toEqual(stored);
  });

  it('goes on where it was interrupted, and is the same when asked for again', async () => {
    const { directory, userId } = await afterDeletion('xerxes');
    const first = (await erase(directory, userId)).body.erasure;
    await work.run(AbortSignal.abort());
    const begun = await show(first.id);
    expect(begun.state).toBe('running');
    expect(Object.keys(begun.counts)).not.toEqual([]);
    const [again, more] = await Promise.all([erase(directory, userId), erase(directory, userId)]);
    expect([again.body.erasure.id, more.body.erasure.id]).toEqual([first.id, first.id]);
    await Promise.all([work.run(), work.run()]);
    await work.run();
    const receipt = await show(first.id);
    expect(receipt.state).toBe('finished');
    expect((await erase(directory, userId)).body.erasure).toEqual(receipt);
    expect(await searchDatabase(test.database.adminUrl, 'xerxes')).toEqual([]);
    const list = (await test.api.call<ErasureList>('GET', `/erasures?organization_id=${directory.organization_id}`))
      .body;
    expect([list.total_size, list.erasures]).toEqual([1, [receipt]]);
  });

  it('has the deletion told first: it waits for changes that are not drained, and for what is on its way', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    const userId = await addUser(scim, 'walrus');
    await scim.call('DELETE', `/Users/${userId}`);
    const { id } = (await erase(directory, userId)).body.erasure;
    await work.run();
    expect(await show(id)).toMatchObject({ state: 'pending', counts: {} });
    await drain(test.database.appUrl, directory.id);
    await work.deliverAll(directory);
    await work.query(
      directory,
      `UPDATE deliveries SET state = 'pending', claimed_until = now() + interval '1 minute' WHERE directory_id = $1`,
    );
    await work.run();
    expect((await show(id)).state).toBe('running');
    await work.query(
      directory,
      `UPDATE delivery_attempts SET response_body = 'walrus again' WHERE directory_id = $1 AND delivery_id IN (
         SELECT d.id FROM deliveries d WHERE d.directory_id = $1 AND d.event_type LIKE '%user_deleted')`,
    );
    await work.query(directory, `UPDATE deliveries SET claimed_until = NULL WHERE directory_id = $1`);
    await work.run();
    // What this pass redacted may have been claimed a moment before: only one that finds nothing is the last.
    expect((await show(id)).state).toBe('running');
    await work.run();
    expect((await show(id)).state).toBe('finished');
    expect(await searchDatabase(test.database.adminUrl, 'walrus')).toEqual([]);
    expect((await work.eventsOf(directory)).some(({ body }) => body.includes('user_deleted'))).toBe(true);
  });

  it('does not wait for a change that cannot be normalized', async () => {
    const { directory, scim } = await afterDeletion('vulcan');
    const userId = await addUser(scim, 'umbra');
    await work.query(
      directory,
      `UPDATE changes SET set_aside_time = now(), set_aside_error = 'it was umbra' WHERE directory_id = $1 AND kind = 'user_written'`,
    );
    await scim.call('DELETE', `/Users/${userId}`);
    const { id } = (await erase(directory, userId)).body.erasure;
    await work.run();
    await drain(test.database.appUrl, directory.id);
    await work.run();
    expect((await show(id)).state).toBe('finished');
    expect(await searchDatabase(test.database.adminUrl, 'umbra')).toEqual([]);
    const counted = await work.query<{ total_users: string }>(
      directory,
      'SELECT total_users FROM directory_counters WHERE directory_id = $1',
    );
    expect(counted).toEqual([{ total_users: '1' }]);
  });

  it('is released when the deprovision guard holds the deletion', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    const ids = [await addUser(scim, 'tango'), await addUser(scim, 'tangoo')];
    await drain(test.database.appUrl, directory.id);
    await test.api.call('PATCH', pathOf(directory), { deprovision_guard: { max_users: 0 } });
    for (const id of ids) await scim.call('DELETE', `/Users/${id}`);
    await drain(test.database.appUrl, directory.id);
    expect((await work.query(directory, 'SELECT 1 FROM held_users WHERE directory_id = $1')).length).toBe(2);
    for (const id of ids) expect((await erase(directory, id)).status).toBe(202);
    await drain(test.database.appUrl, directory.id);
    await work.run();
    expect(await searchDatabase(test.database.adminUrl, 'tango')).toEqual([]);
    expect(await work.query(directory, 'SELECT 1 FROM held_users WHERE directory_id = $1')).toEqual([]);
  });
});

describe('a person who cannot be erased', () => {
  it('is refused while the identity provider has it, with what to do', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    const { status, body } = await erase(directory, await addUser(scim, 'sierra'));
    expect([status, body.error.code]).toEqual([409, 'user_not_deleted']);
    expect(body.error.message).toContain('remove it in the identity provider first');
  });

  it('is 404 when unknown, of another directory or of another environment', async () => {
    const { directory, userId } = await afterDeletion('romeo');
    const other = await test.newDirectory();
    const { id } = (await erase(directory, userId)).body.erasure;
    const answers = [
      await erase(other, userId),
      await erase({ id: directory.id, organization_id: other.organization_id }, userId),
      await erase(directory, other.id.slice(4)),
      await erase(directory, userId, test.foreign),
      await test.foreign.call<ErrorBody>('GET', `/erasures/${id}`),
      await test.foreign.call<ErrorBody>('POST', `/organizations/${other.organization_id}:erase`),
    ];
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
      [404, 'user_not_found'],
      [404, 'directory_not_found'],
      [404, 'user_not_found'],
      [404, 'directory_not_found'],
      [404, 'erasure_not_found'],
      [404, 'organization_not_found'],
    ]);
    expect((await test.foreign.call<ErasureList>('GET', '/erasures')).body.total_size).toBe(0);
  });
});

describe('an organization that is erased', () => {
  const eraseOrganization = (id: string) =>
    test.api.call<ErasureAnswer & ErrorBody>('POST', `/organizations/${id}:erase`);

  it('leaves a receipt and ids, and nothing else', async () => {
    const { directory } = await afterDeletion('quebec');
    const { organization_id: id } = directory;
    const patch = { display_name: 'Quebec Ltd', external_id: 'quebec-1', metadata: { at: 'quebec' } };
    await test.api.call('PATCH', `/organizations/${id}`, patch);
    await test.api.call('PATCH', pathOf(directory), { name: 'Quebec directory' });
    expect((await eraseOrganization(id)).body.error.code).toBe('organization_not_deleted');
    expect((await test.api.call('DELETE', `/organizations/${id}`)).status).toBe(204);
    const { status, body } = await eraseOrganization(id);
    await work.run();
    expect([status, await show(body.erasure.id)]).toMatchObject([
      202,
      { state: 'pending', directory_id: null, user_id: null },
    ]);
    await drain(test.database.appUrl, directory.id);
    await work.purge(directory);
    await work.run(AbortSignal.abort());
    await work.run();
    expect(await searchDatabase(test.database.adminUrl, 'quebec')).toEqual([]);
    expect(await work.eventsOf(directory)).toEqual([]);
    const { counts, ...receipt } = await show(body.erasure.id);
    expect(receipt).toMatchObject({ organization_id: id, state: 'finished', finish_time: expect.any(String) });
    expect(counts).toMatchObject({ directories: 1, directory_secrets: 1, events: expect.any(Number) });
    expect(counts.deliveries).toBe(counts.delivery_attempts);
    const feed = await test.api.call<{ events: Body[] }>('GET', `/events?directory_id=${directory.id}`);
    expect([feed.status, feed.body.events]).toEqual([200, []]);
    const rows = await work.query<{ action: string; target_name: string }>(
      directory,
      `SELECT action, target_name FROM audit_log
       WHERE organization_id = (SELECT organization_id FROM directories WHERE id = $1) ORDER BY id`,
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['organization.updated', 'organization.erased']),
    );
    expect(rows.find(({ action }) => action === 'organization.updated')?.target_name).toBe(id);
    expect((await eraseOrganization(id)).body.erasure).toEqual({ ...receipt, counts });
  });

  it('leaves other organizations as they were', async () => {
    const [gone, kept] = [await afterDeletion('papa'), await afterDeletion('oscar')];
    const before = await work.eventsOf(kept.directory);
    await test.api.call('DELETE', `/organizations/${gone.directory.organization_id}`);
    await eraseOrganization(gone.directory.organization_id);
    await drain(test.database.appUrl, gone.directory.id);
    await work.purge(gone.directory);
    await work.run();
    expect(await searchDatabase(test.database.adminUrl, 'papa')).toEqual([]);
    expect(await work.eventsOf(kept.directory)).toEqual(before);
  });
});

interface Body {
  type: string;
  erased?: true;
  data: Record<string, unknown>;
}

/** The keys in their order and the kinds of lists and objects, without what `erased` adds; null is of every kind. */
function shape(body: Body | undefined) {
  const { data, ...envelope } = body ?? { data: {} };
  return [Object.keys(envelope).filter((key) => key !== 'erased'), Object.keys(data)];
}
