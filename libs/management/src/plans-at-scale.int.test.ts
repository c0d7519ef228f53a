import { normalizeChanges } from '@rollcall/events';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import {
  exchangeDeliveries,
  findEndpointsWithDueDeliveries,
  drainBatch,
  findDirectoriesWithChanges,
} from '@rollcall/pipeline-store';
import type { ClaimedDelivery, Exchange, ExchangeOptions, FinishedDelivery } from '@rollcall/pipeline-store';
import {
  insertGroup,
  removeGroup,
  findGroups,
  loadGroup,
  writeGroup,
  insertUser,
  removeUser,
  findUsers,
  loadUser,
  loadUsers,
  updateUser,
} from '@rollcall/scim-store';
import type { ScimCaller } from '@rollcall/scim-store';
import { callAs } from '../../scim-store/src/call-as.test-support';
import { openSnapshot } from './feed/open-snapshot';
import { readEventFeed } from './feed/read-event-feed';
import { listDirectoryGroups } from './people/list-directory-groups';
import { listDirectoryUsers } from './people/list-directory-users';
import type { UserFilter } from './people/user-list';
import type { FeedFilter } from './feed/read-event-feed';
import type { FeedStart } from './feed/resolve-feed-start';
import { buildDirectory } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { BACKLOGS, endpointId, resourceId, seedScale } from './testing/seed-scale';
import type { BacklogKind } from './testing/seed-scale';
import { watchPlans } from '../../database/src/testing/watch-plans';
import type { PlanMode, PlanWatch } from '../../database/src/testing/watch-plans';

/**
 * Users of the directory. Each limit below is under what reading any of these tables whole would take; a million is asked
 * for with PLANS_USERS=1000000. The suites run once more on the oldest PostgreSQL, there with half.
 */
const USERS = Number(process.env.PLANS_USERS ?? (process.env.TEST_POSTGRES_BIN ? 100_000 : 200_000));
const SCALE = { users: USERS, members: USERS / 10, changes: USERS / 10, events: USERS / 10, backlog: USERS / 10 };

let database: TestDatabase;
let directory: BuiltDirectory;
/** A directory that its drain is far behind of. */
let busy: BuiltDirectory;
let caller: ScimCaller;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  directory = await buildDirectory(database.ownerUrl);
  busy = await buildDirectory(database.ownerUrl);
  caller = { directoryId: directory.directoryId, secretId: directory.secretId, secretVersion: 1 };
  await seedScale(database.adminUrl, { directory, busy }, SCALE);
});

afterAll(() => database.drop());

describe.each<PlanMode>(['force_custom_plan', 'force_generic_plan'])(
  `with ${SCALE.users} users and backlogs of ${SCALE.backlog} (%s)`,
  (mode) => {
    let plans: PlanWatch;

    beforeAll(async () => {
      plans = await watchPlans(database, mode);
    });

    afterAll(() => plans.end());

    /** Asserts that what runs reads no growing table whole, and touches no more than the given rows and blocks. */
    async function expectWork(limits: { rows: number; blocks: number }, run: (app: DataSource) => Promise<unknown>) {
      // The first run of a session reads the catalogue and plans; what counts is what every later one does.
      await run(plans.app);
      const work = await plans.watch(() => run(plans.app));
      const told = JSON.stringify(work);
      expect(work.blocks, 'something was explained').toBeGreaterThan(0);
      expect(work.scanned, told).toEqual([]);
      expect(work.rows, told).toBeLessThanOrEqual(limits.rows);
      expect(work.blocks, told).toBeLessThanOrEqual(limits.blocks);
      return work;
    }

    const user = resourceId('u', SCALE.users - 7);
    const group = resourceId('g', 1);
    const page = { offset: 0, limit: 100, withReferences: false };
    /** A SCIM call on the one connection there is, undone afterwards. */
    const scim = (run: (pool: ReturnType<typeof poolOf>) => Promise<unknown>) => async (app: DataSource) => {
      await app.query('BEGIN');
      await run(poolOf(app)).finally(() => app.query('ROLLBACK'));
    };

    it.each([
      ['userName', 'userName', `user${SCALE.users - 7}@example.com`],
      ['externalId', 'externalId', `ext${SCALE.users - 7}`],
      ['e-mail address', 'emails.value', `user${SCALE.users - 7}@example.com`],
      ['id', 'id', user],
    ] as const)('finds a user by %s through its index', async (_name, attribute, key) => {
      await expectWork(
        { rows: 15, blocks: 80 },
        scim(async (pool) => {
          const { resources } = await findUsers(callAs(caller, pool), { ...page, attribute, key });
          expect(resources.map(({ id }) => id)).toEqual([user]);
        }),
      );
    });

    it('finds a group by displayName through its index', async () => {
      await expectWork(
        { rows: 15, blocks: 80 },
        scim((pool) => findGroups(callAs(caller, pool), { ...page, attribute: 'displayName', key: 'group 77' })),
      );
    });

    it.each([
      ['the first page', ''],
      ['a page in the middle', resourceId('u', SCALE.users / 2)],
      ['the last page', resourceId('u', SCALE.users - 100)],
    ])('reads %s of users behind its cursor', async (_name, after) => {
      // Its ids from the index, and each row by its id; what the inner function looks at is counted with the outer one again.
      await expectWork(
        { rows: 250, blocks: 1_300 },
        scim(async (pool) => {
          expect((await loadUsers(callAs(caller, pool), { ...page, after })).resources).toHaveLength(100);
        }),
      );
    });

    it('counts the users of a directory without reading the changes of users that wait', async () => {
      const behind = { directoryId: busy.directoryId, secretId: busy.secretId, secretVersion: 1 };
      await expectWork(
        { rows: 20, blocks: 100 },
        scim((pool) => loadUsers(callAs(behind, pool), { ...page, after: '' })),
      );
    });

    it.each<[string, { rows: number; blocks: number }, (pool: ReturnType<typeof poolOf>) => Promise<unknown>]>([
      ['reads a user', { rows: 15, blocks: 80 }, (pool) => loadUser(callAs(caller, pool), user)],
      ['creates a user', { rows: 15, blocks: 250 }, (pool) => insertUser(callAs(caller, pool), newId(), newUser())],
      ['changes a user', { rows: 15, blocks: 250 }, (pool) => updateUser(callAs(caller, pool), user, 1, newUser())],
      [
        'deletes a user',
        { rows: 30, blocks: 300 },
        (pool) => removeUser(callAs(caller, pool), resourceId('u', SCALE.users - 3), null),
      ],
      [
        'creates a group',
        { rows: 30, blocks: 250 },
        (pool) => insertGroup(callAs(caller, pool), newId(), newGroup(), { values: [user], withReferences: true }),
      ],
      [
        'reads a large group without its members',
        { rows: 10, blocks: 60 },
        (pool) => loadGroup(callAs(caller, pool), group, { withReferences: false }),
      ],
      [
        'deletes a group',
        { rows: 15, blocks: 150 },
        (pool) => removeGroup(callAs(caller, pool), resourceId('g', 2), null),
      ],
    ])('%s by index', async (_name, limits, run) => {
      await expectWork(limits, scim(run));
    });

    it.each([
      ['remove', 4_711],
      ['add', SCALE.users - 1],
    ] as const)('loads no other member to %s one of many', async (kind, n) => {
      const steps = [{ kind, values: [resourceId('u', n)] }];
      await expectWork(
        { rows: 30, blocks: 300 },
        scim(async (pool) => {
          const written = await writeGroup(callAs(caller, pool), group, { expectedVersion: null, record: null, steps });
          expect(written.outcome).toBe('ok');
        }),
      );
    });

    it('claims a batch of changes and loads what is published of their resources, and of nothing else', async () => {
      // Besides the changes it reads whether the terms by which their people are found are the newest.
      await expectWork({ rows: 8_000, blocks: 50_000 }, async (app) => {
        const drained = await drainBatch(app, busy, (work) => {
          expect(work.changes).toHaveLength(500);
          const { tenant, lastSequence, epoch, rules: roles } = work;
          const batch = normalizeChanges(work.changes, work.published, {
            ...tenant,
            lastSequence,
            epoch,
            roles,
            newEventId,
          });
          return { batch, deliveries: [] };
        });
        expect(drained?.batch.consumedChangeIds).toHaveLength(500);
      });
    });

    it('finds the directories that have changes without counting those', async () => {
      await expectWork({ rows: 20, blocks: 150 }, async (app) => {
        const found = await findDirectoriesWithChanges(app, '', 100);
        expect(found.map(({ directoryId }) => directoryId)).toEqual([busy.directoryId]);
      });
    });

    it('finds the endpoints that have something due with a look or two at each, however long their backlogs are', async () => {
      await expectWork({ rows: 5_000, blocks: 40_000 }, async (app) => {
        const due = await findEndpointsWithDueDeliveries(app, null, 2_000);
        expect(due.map((key) => key.endpointId).toSorted()).toEqual(BACKLOGS.map(endpointId).toSorted());
      });
    });

    it.each<[BacklogKind, number]>([
      ['none', 10],
      ['resource', 10],
      ['fifo', 1],
      ['hot', 1],
      ['behind', 0],
      ['lines', 10],
    ])(
      'claims and records deliveries of the backlog "%s" at a cost that its length does not change',
      async (kind, sent) => {
        let before: Exchange | null = null;
        await expectWork({ rows: 1_500, blocks: 60_000 }, async (app) => {
          before = await exchange(app, kind, before, 'succeeded');
          expect(before.claimed).toHaveLength(sent);
        });
        await exchange(plans.app, kind, before, 'released');
      },
    );

    /** Gives back what the exchange before has claimed, and claims anew what has not been released. */
    function exchange(
      app: DataSource,
      kind: BacklogKind,
      before: Exchange | null,
      state: 'succeeded' | 'released',
    ): Promise<Exchange> {
      const options: ExchangeOptions = {
        finished: (before?.claimed ?? []).map((delivery) => finish(delivery, state)),
        slots: state === 'released' ? 0 : 10,
        inFlightMax: 10,
        memory: before?.memory ?? null,
      };
      return exchangeDeliveries(app, { environmentId: directory.environmentId, endpointId: endpointId(kind) }, options);
    }

    it.each<[string, FeedFilter, FeedStart]>([
      ['the whole feed from its oldest event', {}, { kind: 'oldest' }],
      [
        'one directory from a sequence',
        { directoryId: '' },
        { kind: 'sequence', directoryId: '', sequence: String(SCALE.events / 2) },
      ],
      ['one organization', { organizationId: '' }, { kind: 'oldest' }],
      ['one type', { types: ['organization.directory.user_updated'] }, { kind: 'oldest' }],
    ])('reads a page of %s along an index', async (_name, filter, start) => {
      const { directoryId, organizationId, environmentId } = directory;
      const named = {
        ...filter,
        ...(filter.directoryId === undefined ? {} : { directoryId }),
        ...(filter.organizationId === undefined ? {} : { organizationId }),
      };
      const from = start.kind === 'sequence' ? { ...start, directoryId } : start;
      await expectWork({ rows: 150, blocks: 400 }, async (app) => {
        const options = { filter: named, start: from, size: 100, retentionSeconds: 1e6 };
        expect((await readEventFeed(app, environmentId, options)).bodies).toHaveLength(100);
      });
    });

    // Pages in the middle: the first users are in a thousand groups each, which are read with them. What is touched follows the page, or
    // who may be found and is looked at; where the whole is counted, the count.
    const middle = resourceId('u', SCALE.users / 2);
    const ago = new Date(Date.now() - (SCALE.users / 2) * 1_000).toISOString();
    it.each<[string, UserFilter, string[] | null, { rows: number; blocks: number }]>([
      ['an External ID', { search: `ext${SCALE.users - 7}` }, null, { rows: 200, blocks: 800 }],
      ['an address', { search: `user${SCALE.users - 7}@example.com` }, null, { rows: 200, blocks: 800 }],
      ['a rare word', { search: `display name${SCALE.users - 7}` }, null, { rows: 8_000, blocks: 2_000 }],
      ['what everybody has', { search: 'display' }, [resourceId('u', 2_000)], { rows: 60_000, blocks: 120_000 }],
      ['a letter', { search: 'd', sort: 'name' }, ['display 55', ''], { rows: 80_000, blocks: 160_000 }],
      ['all names', { sort: 'name' }, ['display 55', ''], { rows: 400, blocks: 1_500 }],
      ['all addresses, the last first', { sort: '-email' }, ['user55', ''], { rows: 400, blocks: 1_500 }],
      ['all changes, the newest first', { sort: '-updated' }, [ago, ''], { rows: 400, blocks: 1_500 }],
      ['the inactive', { active: false }, [middle], { rows: SCALE.users / 50 + 500, blocks: 6_000 }],
      [
        'the active',
        { active: true, sort: 'name' },
        ['display 55', ''],
        { rows: SCALE.users / 50 + 900, blocks: 6_000 },
      ],
      ['a rare role', { roleName: 'admin' }, [middle], { rows: SCALE.users / 500 + 500, blocks: 3_000 }],
      ['a common role', { roleName: 'member' }, [middle], { rows: SCALE.users * 1.2, blocks: 12_000 }],
      [
        'a large group',
        { groupId: group },
        [resourceId('u', SCALE.members / 2)],
        { rows: SCALE.members * 1.2, blocks: 6_000 },
      ],
      ['a word within a large group', { groupId: group, search: 'name77' }, null, { rows: 4_000, blocks: 6_000 }],
    ])('lists the users of %s along an index', async (_name, filter, keys, limits) => {
      const cursor = keys === null ? undefined : { direction: 'next' as const, keys };
      await expectWork(limits, async (app) => {
        const listed = await listDirectoryUsers(app, directory, filter, { size: 20, cursor });
        expect(listed.rows.length).toBeGreaterThan(0);
      });
    });

    it('finds a group by a word of its name and by its External ID along an index', async () => {
      for (const search of ['group 777', 'ext777']) {
        await expectWork({ rows: 12_000, blocks: 12_000 }, async (app) => {
          expect((await listDirectoryGroups(app, directory, { search }, { size: 20 })).rows).toHaveLength(1);
        });
      }
    });

    it('begins a snapshot of the whole directory without reading ahead', async () => {
      await expectWork({ rows: 1_500, blocks: 500 }, async (app) => {
        const lines = await openSnapshot(app, directory);
        for (let chunk = 0; chunk < 4; chunk++) expect((await lines.next()).done).toBe(false);
        await lines.return(undefined);
      });
    });
  },
);

function finish(delivery: ClaimedDelivery, state: 'succeeded' | 'released'): FinishedDelivery {
  return {
    directoryId: delivery.directoryId,
    deliveryId: delivery.id,
    attempt: delivery.attempt,
    startTime: new Date(),
    status: 200,
    error: null,
    phases: {},
    requestHeaders: {},
    responseHeaders: {},
    responseBody: '',
    fate: { state },
    endpointGone: false,
    test: false,
  };
}

const newEventId = () => newId();

function newUser() {
  const id = newId();
  return {
    resource: '{}',
    columns: { userNameKey: id, externalId: id, displayNameKey: id, emailKeys: [`${id}@example.com`], active: true },
  };
}

function newGroup() {
  return { resource: '{}', columns: { displayNameKey: newId(), externalId: null } };
}
