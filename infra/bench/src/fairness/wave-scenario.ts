import { setTimeout as sleep } from 'node:timers/promises';
import { createEndpoints, signIn, startDeliveringOnPostgres } from '../delivery/delivering-system';
import type { DeliveringSystem } from '../delivery/delivering-system';
import { receiveWebhooks } from '../delivery/receive-webhooks';
import { writeAtRate } from '../delivery/write-at-rate';
import { measureWork } from '../load/measure-load';
import { sendOne } from '../load/drive-load';
import type { LoadRequest } from '../load/drive-load';
import type { Loop } from '../load/serve-load';
import { describeLoad, startLoad } from '../load/start-load';
import type { LoadProgram } from '../load/start-load';
import type { Sample } from '../sample';
import type { Scenario } from '../scenario';
import { PATCH_OP } from '../scim/change-members';
import type { Directory } from '../systems/scim-system';
import { searchDearest } from './dearest-search';

const LOOPS = 6;
const MEMBERS = 300;
const ENDPOINTS = 60;
const ANSWER_MS = 14_000;
const SEARCHES = 14;
const SEARCHED_USERS = 10_000;
/** As many as a sorted search among so many users may have: with one more it is refused. */
const COMPARISONS = 24;
/** The limits are those that hold when nobody says anything. */
const LIMITS = {
  LIMIT_REQUESTS_PER_SECOND: '',
  LIMIT_ROWS_PER_MINUTE: '',
  LIMIT_BURST_SECONDS: '',
};
/** How long the wave has been going on when measuring begins. */
const LEAD_MS = 5_000;

/**
 * One directory whose groups are emptied and filled, whose environment has slow endpoints, and which searches; meanwhile another tenant
 * writes now and then. The third line is the wave itself: how many of its requests were answered, and how fast.
 */
export const waveScenario: Scenario = {
  name: `wave: first attempt of another tenant, ${LOOPS} loops over groups of ${MEMBERS}, ${ENDPOINTS} endpoints that take ${ANSWER_MS / 1_000} s, ${SEARCHES} searches`,
  prepare: async (world) => {
    const system = await startDeliveringOnPostgres(world, { env: LIMITS });
    await system.createEndpoints(1);
    const wave = await prepareWave(system);
    const load = { perSecond: 10, seconds: world.quick ? 3 : 15, endpoints: 1 };
    const measure = async () => (await measureWork(system.rollcall, () => writeAtRate(system, load))).sample;
    let ofWave: Sample = {};
    const [quiet, during] = ['quiet', 'during the wave'];
    return {
      contenders: [
        { name: quiet, run: measure },
        {
          name: during,
          run: async () => {
            await wave.generator.start(wave.loops);
            await sleep(LEAD_MS);
            const sample = await measure();
            const report = await wave.generator.finish();
            console.error(`         the wave: ${describeLoad(report)}`);
            ofWave = report.sample;
            await wave.clear();
            return sample;
          },
        },
        { name: 'requests of the wave', run: () => Promise.resolve(ofWave) },
      ],
      goals: [{ of: during, against: quiet, metric: 'p95', atMost: 2, orWithin: 100 }],
      close: async () => {
        await Promise.all([wave.generator.stop(), wave.receiver.stop()]);
        await system.stop();
      },
    };
  },
};

interface Wave {
  generator: LoadProgram;
  receiver: Awaited<ReturnType<typeof receiveWebhooks>>;
  loops: Loop[];
  /** Takes away what the wave has left to do, so that quiet is quiet. */
  clear(): Promise<void>;
}

async function prepareWave(system: DeliveringSystem): Promise<Wave> {
  const { rollcall } = system;
  const { database } = rollcall;
  const tenant = await database.createTenant();
  const [directoryId = ''] = await database.createDirectories(1, tenant);
  const directory = rollcall.openDirectory(directoryId);
  const userIds = await database.seedUsers(directoryId, SEARCHED_USERS);
  await rollcall.settle();
  const memberIds = userIds.slice(0, MEMBERS);
  await database.admin.query(PUBLISH_USERS, [directoryId, memberIds]);
  const groupIds: string[] = [];
  for (let n = 0; n < LOOPS; n++) groupIds.push(await createGroup(directory, `Wave ${n}`));
  await system.drained();
  const receiver = await receiveWebhooks({ delayMs: ANSWER_MS });
  const api = await signIn(rollcall.baseUrl, tenant.credentials);
  await createEndpoints(api, receiver, ENDPOINTS, {});
  return {
    generator: await startLoad(),
    receiver,
    loops: [
      ...groupIds.map((groupId) => ({ target: directory, requests: emptyAndFill(groupId, memberIds) })),
      ...Array.from({ length: SEARCHES }, (_, n) => ({ target: directory, requests: [searchDearest(n, COMPARISONS)] })),
    ],
    clear: async () => {
      await database.admin.query('DELETE FROM changes WHERE directory_id = $1', [directoryId]);
      // A batch that is being written now is not seen by the first.
      await sleep(1_000);
      await database.admin.query(`DELETE FROM deliveries WHERE environment_id = $1 AND state = 'pending'`, [
        tenant.environmentId,
      ]);
    },
  };
}

const PUBLISH_USERS = `
  INSERT INTO changes (directory_id, kind, resource_id, resource, occurred_at)
  SELECT directory_id, 'user_written', id, resource, now() FROM directory_users WHERE directory_id = $1 AND id = ANY ($2)`;

async function createGroup(directory: Directory, displayName: string): Promise<string> {
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
  const body = { schemas, displayName };
  const { id } = await sendOne<{ id: string }>(directory, { method: 'POST', path: '/Groups', body, expect: 201 });
  return id;
}

function emptyAndFill(groupId: string, memberIds: readonly string[]): LoadRequest[] {
  const value = memberIds.map((id) => ({ value: id }));
  const operations = [
    { op: 'add', path: 'members', value },
    { op: 'remove', path: 'members' },
  ];
  return operations.map((operation) => ({
    method: 'PATCH',
    path: `/Groups/${groupId}`,
    body: { schemas: PATCH_OP, Operations: [operation] },
  }));
}
