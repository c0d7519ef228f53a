import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import type { LoadRequest } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Contender, Scenario } from '../scenario';
import { startRollcall } from '../systems/start-rollcall';
import type { RollcallSystem } from '../systems/start-rollcall';
import { scatter } from './read-users';
import { reserveUsers } from './reserve-users';
import { roundSeconds } from './round-seconds';

const SIZES = [10_000, 100_000, 1_000_000];
const QUICK_SIZES = [1_000, 10_000];
const SEEDED = 10_000;

/** How cost grows with a directory's users: directories of several sizes in one database, each in turn. */
export const growUserScenarios: readonly Scenario[] = [
  growUsers('create user', 16, (_users, first) => {
    let n = first;
    return () => ({ method: 'POST', path: '/Users', body: buildOktaUser(n++), expect: 201 });
  }),
  growUsers('find by userName', 16, (users) => {
    const pick = scatter(users.length);
    return () => ({
      method: 'GET',
      path: `/Users?filter=${encodeURIComponent(`userName eq "${users[pick()]?.userName}"`)}`,
    });
  }),
  growUsers('list first page of 100', 1, () => () => ({ method: 'GET', path: '/Users?startIndex=1&count=100' })),
  growUsers('delete user', 1, (users) => {
    let next = 0;
    return () => ({ method: 'DELETE', path: `/Users/${users[next++]?.id}`, expect: 204 });
  }),
];

interface StoredUser {
  id: string;
  userName: string;
}

function growUsers(
  what: string,
  inFlight: number,
  requests: (users: readonly StoredUser[], first: number) => () => LoadRequest,
): Scenario {
  return {
    name: `growth: ${what}, ${inFlight} in flight`,
    prepare: async (world) => {
      const contenders: Contender[] = [];
      const directories = await grown(world.quick ? QUICK_SIZES : SIZES, () =>
        startRollcall(world.database, { name: 'rollcall grown' }),
      );
      for (const { system, size, basePath, users } of directories) {
        const target = { port: system.ingress.port, basePath, token: system.database.token };
        const next = requests(users, reserveUsers(1_000_000));
        const load = { target, inFlight, next, seconds: roundSeconds(world) / 2 };
        contenders.push({
          name: `rollcall, ${size.toLocaleString('en-US')} users`,
          run: () => measureLoad(system, load),
        });
      }
      return { contenders };
    },
  };
}

interface GrownDirectory {
  system: RollcallSystem;
  size: number;
  basePath: string;
  /** Some of its users, from all over it. */
  users: StoredUser[];
}

let directories: Promise<GrownDirectory[]> | undefined;

/** Seeded once for a run. */
function grown(sizes: readonly number[], start: () => Promise<RollcallSystem>): Promise<GrownDirectory[]> {
  directories ??= growAll(sizes, start);
  return directories;
}

async function growAll(sizes: readonly number[], start: () => Promise<RollcallSystem>): Promise<GrownDirectory[]> {
  const system = await start();
  const found: GrownDirectory[] = [];
  for (const size of sizes) {
    const directory = await system.createDirectory();
    const ids = await system.seedUsers(directory, Math.min(size, SEEDED), reserveUsers(SEEDED));
    for (let copy = 1; copy < size / SEEDED; copy++) await copyUsers(system, directory.directoryId, ids, copy);
    const users = await sampleUsers(system, directory.directoryId);
    found.push({ system, size, basePath: directory.basePath, users });
  }
  await system.settle();
  return found;
}

/** Stores what was seeded first once more, set-wise: the same people with other ids and names. */
async function copyUsers(
  { database }: RollcallSystem,
  directoryId: string,
  ids: readonly string[],
  copy: number,
): Promise<void> {
  const mark = copy.toString(36).padStart(4, '0');
  await database.admin.query(
    `WITH seeded AS (
       SELECT * FROM directory_users WHERE directory_id = $1 AND id = ANY ($3::text[])),
     copied AS (
       INSERT INTO directory_users (directory_id, id, user_name_key, external_id, display_name_key, email_keys, active,
         created, last_modified, resource)
       SELECT directory_id, left(id, 22) || $2, 'copy-' || $2 || user_name_key, $2 || external_id, display_name_key,
         ARRAY(SELECT $2 || key FROM unnest(email_keys) AS key), active, created, last_modified,
         resource || jsonb_build_object('userName', 'copy-' || $2 || (resource->>'userName'))
       FROM seeded ON CONFLICT DO NOTHING RETURNING id, email_keys),
     emails AS (
       INSERT INTO directory_user_emails (directory_id, value_key, user_id)
       SELECT $1, key, id FROM copied, unnest(email_keys) AS key)
     UPDATE directory_counters SET total_users = total_users + (SELECT count(*) FROM copied) WHERE directory_id = $1`,
    [directoryId, mark, ids],
  );
}

/** Some of its users in an order of no meaning. */
async function sampleUsers({ database }: RollcallSystem, directoryId: string): Promise<StoredUser[]> {
  const { rows } = await database.admin.query<StoredUser>(
    `SELECT id, resource->>'userName' AS "userName" FROM directory_users WHERE directory_id = $1
     ORDER BY hashtext(id) LIMIT 10000`,
    [directoryId],
  );
  return rows;
}
