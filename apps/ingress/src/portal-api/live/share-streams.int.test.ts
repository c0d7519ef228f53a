import { migrateDatabase } from '@rollcall/database';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OrganizationAnswer } from '../../management/organizations/organization.dto';
import { startApi } from '../../management/testing/start-api';
import type { TestApi } from '../../management/testing/start-api';
import { runAsAdmin } from '../../testing/seed-directory';
import { connectPortal } from '../testing/connect-portal';
import type { PortalClient } from '../testing/connect-portal';
import { listen, newestOf } from '../testing/listen';
import type { Listener } from '../testing/listen';

// What one organization or environment does keeps no other from being told what changes.

const STREAMS_OF_ENVIRONMENT = 100;
const STREAMS_OF_SESSION = 3;
/** Directories of an environment that are read in a turn. */
const READS_OF_TURN = 50;

let test: TestApi;
let portal: PortalClient;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  portal = connectPortal(test);
});

afterAll(() => test?.stop());

it('tells of many directories in several turns', async () => {
  const organizationId = await test.newOrganization();
  for (let n = 0; n < READS_OF_TURN + 2; n++) await test.newDirectory(organizationId);
  const { cookie } = await portal.openSession(organizationId);
  const listener = await listen(test, cookie, organizationId);
  // It is the first of the process: its first turn ends with a beat, as each fifth does.
  const types = () => listener.events.map(({ type }) => type);
  await waitUntil(() => types().filter((type) => type === 'directory').length === READS_OF_TURN + 2);
  const directories = (count: number) => Array.from({ length: count }, () => 'directory');
  expect(types().slice(0, READS_OF_TURN + 4)).toEqual([
    'beat',
    ...directories(READS_OF_TURN),
    'beat',
    ...directories(2),
  ]);
  listener.close();
});

it('ends the streams of an organization that cannot be read, and goes on with those of others', async () => {
  const visit = async () => {
    const directory = await test.newDirectory();
    const { cookie } = await portal.openSession(directory.organization_id);
    const listener = await listen(test, cookie, directory.organization_id);
    await waitUntil(() => newestOf(listener, directory));
    return { directory, listener };
  };
  const [broken, other] = [await visit(), await visit()];
  // A time that no answer can name.
  await runAsAdmin(test.database.adminUrl, [
    [`UPDATE directories SET update_time = 'infinity' WHERE id = $1`, [broken.directory.id.slice(4)]],
  ]);
  await waitUntil(broken.listener.isOver);
  await test.newScim(other.directory);
  await waitUntil(() => newestOf(other.listener, other.directory)?.health.state === 'waiting');
  expect(other.listener.isOver()).toBe(false);
  other.listener.close();
});

it('gives a stream to a page of another environment when all those of one are taken', async () => {
  const taken: Listener[] = [];
  for (let sessions = 0; sessions * STREAMS_OF_SESSION < STREAMS_OF_ENVIRONMENT; sessions++) {
    const { cookie, organizationId } = await portal.openSession();
    for (let n = 0; n < STREAMS_OF_SESSION; n++) taken.push(await listen(test, cookie, organizationId));
  }
  const statuses = taken.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(STREAMS_OF_ENVIRONMENT);
  expect(statuses.at(-1)).toBe(429);
  const body = { display_name: 'Globex' };
  const { organization } = (await test.foreign.call<OrganizationAnswer>('POST', '/organizations', body)).body;
  const { cookie } = await connectPortal({ ...test, api: test.foreign }).openSession(organization.id);
  const other = await listen(test, cookie, organization.id);
  expect(other.status).toBe(200);
  for (const { close } of [...taken, other]) close();
});
