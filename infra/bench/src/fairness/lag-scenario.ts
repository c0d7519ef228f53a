import { setTimeout as sleep } from 'node:timers/promises';
import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import { measureWork } from '../load/measure-load';
import { sendOne } from '../load/drive-load';
import type { LoadRequest } from '../load/drive-load';
import { describeLoad, startLoad } from '../load/start-load';
import type { LoadProgram } from '../load/start-load';
import type { Contender, Scenario } from '../scenario';
import { PATCH_OP } from '../scim/change-members';
import { reserveUsers } from '../scim/reserve-users';
import { startRollcall } from '../systems/start-rollcall';
import type { RollcallSystem } from '../systems/start-rollcall';
import type { Directory } from '../systems/scim-system';
import { searchDearest } from './dearest-search';

const PROBE_EVERY_MS = 5;
const USERS = 10_000;
/** What the longest request may do to the event loop on a quiet machine. */
const LAG_MAX_MS = 50;

/**
 * How long a small request waits for the ingress's event loop while one client sends the most expensive requests there are, one after
 * the other: the latency of /healthz, asked every few milliseconds from a process of its own.
 */
export const lagScenario: Scenario = {
  name: 'event-loop lag: /healthz while one client sends the largest requests',
  prepare: async (world) => {
    const system = await startRollcall(world.database, { name: 'rollcall lag' });
    const directory = await system.createDirectory();
    const userIds = await system.seedUsers(directory, USERS, reserveUsers(USERS));
    await system.settle();
    const [probe, generator] = await Promise.all([startLoad(), startLoad()]);
    const inputs = await prepareInputs(directory, userIds);
    const seconds = world.quick ? 3 : 10;
    const contenders = Object.entries(inputs).map(([name, request]): Contender => ({
      name,
      run: () => measureLag({ system, directory, probe, generator }, request, seconds),
    }));
    return {
      contenders,
      goals: contenders.map(({ name: of }) => ({ of, metric: 'longest' as const, atMost: LAG_MAX_MS })),
      close: async () => {
        await Promise.all([probe.stop(), generator.stop()]);
        await system.stop();
      },
    };
  },
};

interface Tools {
  system: RollcallSystem;
  directory: Directory;
  probe: LoadProgram;
  generator: LoadProgram;
}

async function measureLag(
  { system, directory, probe, generator }: Tools,
  request: LoadRequest | null,
  seconds: number,
) {
  const { sample } = await measureWork(system, async () => {
    await probe.start([
      {
        target: { ...directory, basePath: '' },
        requests: [{ method: 'GET', path: '/healthz' }],
        everyMs: PROBE_EVERY_MS,
      },
    ]);
    if (request) await generator.start([{ target: directory, requests: [request] }]);
    await sleep(seconds * 1_000);
    // First the probe: what is under way while it finishes still counts.
    const probed = await probe.finish();
    if (request) console.error(`         ${describeLoad(await generator.finish())}`);
    console.error(`         the probe: ${describeLoad(probed)}`);
    const requests = Object.values(probed.statuses).reduce((sum, count) => sum + count, 0);
    return { requests, seconds, latencies: new Float64Array(), probed: probed.sample };
  }).then(({ sample: cost, result }) => ({ sample: { ...cost, ...result.probed } }));
  return sample;
}

/** The requests that were found to hold the event loop, and the largest that are allowed. */
async function prepareInputs(directory: Directory, userIds: readonly string[]) {
  const manyEmails = await createUser(directory, { emails: emailsUpTo(EMAIL_BYTES) });
  for (let n = 0; n < LARGE_USERS; n++) await createUser(directory, { title: 'x'.repeat(LARGE_USER_BYTES) });
  const groupId = await createGroup(directory);
  return {
    idle: null,
    'PATCH of 99 operations × 100 comparisons × as many e-mails as a user may have': patchEmails(manyEmails),
    'PUT of a group, 100,000 members': putMembers(groupId, userIds),
    'Bulk of 1,000 users': bulk(),
    'search of 100 comparisons, sorted, 500 a page': searchDearest(0, 100),
    [`list of ${LARGE_USERS} users of ${LARGE_USER_BYTES / 1_000} kB`]: {
      method: 'GET',
      path: `/Users?filter=${encodeURIComponent('title sw "xxx"')}&count=500`,
    },
  } satisfies Record<string, LoadRequest | null>;
}

const EMAIL_BYTES = 200_000;
const LARGE_USERS = 40;
const LARGE_USER_BYTES = 200_000;

function emailsUpTo(bytes: number): object[] {
  const emails: object[] = [];
  for (let size = 0; size < bytes; size += JSON.stringify(emails.at(-1)).length + 1) {
    emails.push({ value: `e${emails.length}@x.co`, type: 'work' });
  }
  return emails;
}

async function createUser(directory: Directory, attributes: object): Promise<string> {
  const body = { ...buildOktaUser(reserveUsers(1)), ...attributes };
  const { id } = await sendOne<{ id: string }>(directory, { method: 'POST', path: '/Users', body, expect: 201 });
  return id;
}

async function createGroup(directory: Directory): Promise<string> {
  const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Everyone' };
  const { id } = await sendOne<{ id: string }>(directory, { method: 'POST', path: '/Groups', body, expect: 201 });
  return id;
}

function patchEmails(userId: string): LoadRequest {
  const terms = Array.from({ length: 100 }, (_, n) => `value eq "n${n}@x.co"`).join(' or ');
  const Operations = Array.from({ length: 99 }, (_, n) => ({
    op: 'replace',
    path: `emails[${terms}].display`,
    value: `Display ${n}`,
  }));
  return { method: 'PATCH', path: `/Users/${userId}`, body: { schemas: PATCH_OP, Operations } };
}

function putMembers(groupId: string, userIds: readonly string[]): LoadRequest {
  const members = Array.from({ length: 100_000 }, (_, n) => ({ value: userIds[n % userIds.length] }));
  const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Everyone', members };
  return { method: 'PUT', path: `/Groups/${groupId}`, body };
}

/** The same each time: the first creates them, the others are told that they exist. */
function bulk(): LoadRequest {
  const first = reserveUsers(1_000);
  const Operations = Array.from({ length: 1_000 }, (_, n) => ({
    method: 'POST',
    path: '/Users',
    bulkId: `u${n}`,
    data: { ...buildOktaUser(first + n), nickName: 'n'.repeat(10_000) },
  }));
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations };
  return { method: 'POST', path: '/Bulk', body };
}
