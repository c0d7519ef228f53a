import { EMPTY_GROUP, EMPTY_USER, EVENT_TYPES, objectOf, OPERATIONAL_EVENT_TYPES } from '@rollcall/contract';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isDirectoryStreamEvent, isOperationalEvent } from '../events/rollcall-event';
import type { DirectoryStreamEvent } from '../events/rollcall-event';
import { applyEvent } from '../sync/apply-event';
import { createMemoryStore } from '../sync/create-memory-store';
import { verifyWebhook } from '../webhooks/verify-webhook';
import { createTestEvent } from './create-test-event';
import { signTestWebhook, TEST_SECRET } from './sign-test-webhook';
import { TestDirectory } from './test-directory';

const shorten = ({ type }: DirectoryStreamEvent) => type.replace(/^organization\.(directory\.)?/, '');

/** Events since a step, by their types. */
function typesOf(directory: TestDirectory, step: () => void): string[] {
  const before = directory.events.length;
  step();
  return directory.events.slice(before).map(shorten);
}

describe('createTestEvent', () => {
  it.each([...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES])(
    'makes a signed %s that verifies by any library',
    async (type) => {
      const event = createTestEvent(type);
      const { headers, body } = await signTestWebhook(event);
      expect(await verifyWebhook({ secret: TEST_SECRET, headers, body })).toEqual(event);
      expect(new Webhook(TEST_SECRET).verify(body, headers)).toEqual(event);
      expect([event.type, event.object]).toEqual([type, objectOf(type)]);
      expect(isDirectoryStreamEvent(event)).toBe(!isOperationalEvent(event));
    },
  );

  it('has every key of a user and a group, and takes the place of what the caller names', () => {
    const { data } = createTestEvent('organization.directory.user_created');
    expect(Object.keys(data).toSorted()).toEqual(Object.keys(EMPTY_USER).toSorted());
    const group = createTestEvent('organization.directory.group_created');
    expect(Object.keys(group.data).toSorted()).toEqual(Object.keys(EMPTY_GROUP).toSorted());
    expect(createTestEvent('organization.directory.user_deleted', { sequence: 7 }).sequence).toBe(7);
  });

  it('is refused when its signature is of another secret or too old', async () => {
    const event = createTestEvent('endpoint.disabled');
    const old = await signTestWebhook(event, { time: new Date(0) });
    await expect(verifyWebhook({ secret: TEST_SECRET, ...old })).rejects.toMatchObject({ code: 'timestamp_too_old' });
    const other = await signTestWebhook(event, { secret: `whsec_${btoa('another secret that is of tests')}` });
    await expect(verifyWebhook({ secret: TEST_SECRET, ...other })).rejects.toMatchObject({
      code: 'signature_mismatch',
    });
  });
});

describe('a TestDirectory', () => {
  it('publishes for each step what the server would, in its order', () => {
    const directory = new TestDirectory();
    const [ann, bob] = [directory.createUser({ email: 'ann@acme.test' }), directory.createUser()];
    const group = directory.createGroup({ display_name: 'Engineering' });
    const steps = [
      () => directory.addMember(group.id, ann.id),
      () => directory.addMember(group.id, ann.id),
      () => directory.updateUser(ann.id, { active: false }),
      () => directory.updateUser(ann.id, { active: false }),
      () => directory.updateGroup(group.id, { display_name: 'R&D' }),
      () => directory.removeMember(group.id, ann.id),
      () => directory.addMember(group.id, bob.id),
      () => directory.deleteGroup(group.id),
      () => directory.deleteUser(bob.id),
      () => directory.setEnabled(false),
      () => directory.delete(),
    ];
    expect(steps.map((step) => typesOf(directory, step))).toEqual([
      ['group_members_changed', 'user_updated'],
      [],
      ['user_updated'],
      [],
      ['group_updated'],
      ['group_members_changed', 'user_updated'],
      ['group_members_changed', 'user_updated'],
      ['group_deleted', 'user_updated'],
      ['user_deleted'],
      ['directory_disabled'],
      ['directory_deleted'],
    ]);
    expect(directory.events.map(({ sequence }) => sequence)).toEqual(directory.events.map((_, index) => index + 1));
  });

  it('has events that chain: each says the old value of what changed', () => {
    const directory = new TestDirectory();
    const { id } = directory.createUser({ title: 'Engineer' });
    directory.updateUser(id, { title: 'CTO', department: 'R&D' });
    expect(directory.events.at(-1)).toMatchObject({
      data: { title: 'CTO', department: 'R&D' },
      previous_attributes: { title: 'Engineer', department: null },
    });
    expect(() => directory.updateUser('diruser_x', {})).toThrow(/no user diruser_x/);
  });

  it('fills a store by its events alone', async () => {
    const directory = new TestDirectory({ directoryId: 'dir_1' });
    const store = createMemoryStore();
    await store.replaceAll('dir_1', { position: { epoch: 1, sequence: 0 }, objects: (async function* () {})() });
    const ann = directory.createUser({ email: 'ann@acme.test' });
    directory.addMember(directory.createGroup({ display_name: 'Engineering' }).id, ann.id);
    directory.deleteUser(directory.createUser().id);
    for (const event of directory.events) await applyEvent({ event, store });
    expect([store.users('dir_1'), store.groups('dir_1')]).toEqual([directory.users, directory.groups]);
  });
});
