import { startRollcall } from '../systems/start-rollcall';
import type { RollcallSystem } from '../systems/start-rollcall';
import type { Directory } from '../systems/scim-system';
import type { World } from '../systems/start-world';
import { reserveUsers } from './reserve-users';

/** A directory of a certain size, beside others in one database. */
export interface GrownDirectory {
  system: RollcallSystem;
  size: number;
  directory: Directory;
  /** Some of its users, from all over it, in an order of no meaning. */
  users: StoredUser[];
}

export interface StoredUser {
  id: string;
  userName: string;
}

const SIZES = [10_000, 100_000, 1_000_000];
const QUICK_SIZES = [1_000, 10_000];

let grown: Promise<GrownDirectory[]> | undefined;

/** One directory of each size, in a database of their own, seeded once for a run. */
export function grownDirectories(world: World): Promise<GrownDirectory[]> {
  grown ??= growAll(world);
  return grown;
}

async function growAll(world: World): Promise<GrownDirectory[]> {
  const sizes = world.quick ? QUICK_SIZES : SIZES;
  const [smallest = 0] = sizes;
  const system = await startRollcall(world.database, { name: 'rollcall grown' });
  const pattern = await system.createDirectory();
  await system.seedUsers(pattern, smallest, reserveUsers(smallest));
  const found: GrownDirectory[] = [];
  for (const size of sizes) {
    const directory = size === smallest ? pattern : await system.createDirectory();
    if (directory !== pattern) await copyUsers(system, pattern, directory, size / smallest);
    found.push({ system, size, directory, users: await sampleUsers(system, directory) });
  }
  await system.settle();
  return found;
}

/**
 * Stores the users of one directory so many times in another, which is empty: the same people with other ids and names. The
 * indexes are built after that: keeping them up to date takes longer.
 */
async function copyUsers(
  { database }: RollcallSystem,
  { directoryId: from }: Directory,
  { directoryId: to }: Directory,
  copies: number,
): Promise<void> {
  const { rows: indexes } = await database.admin.query<{ name: string; definition: string }>(SECONDARY_INDEXES);
  for (const { name } of indexes) await database.admin.query(`DROP INDEX ${name}`);
  await database.admin.query(COPY_USERS, [from, to, copies]);
  for (const { definition } of indexes) await database.admin.query(definition);
  await database.admin.query(COPY_EMAILS, [to]);
  await database.admin.query(
    'UPDATE directory_counters SET total_users = (SELECT count(*) FROM directory_users WHERE directory_id = $1) WHERE directory_id = $1',
    [to],
  );
}

const SECONDARY_INDEXES = `
  SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index WHERE indrelid = 'directory_users'::regclass AND NOT indisprimary`;

/** An id keeps its time and its random end: only these must differ between the users of the pattern. */
const COPY_USERS = `
  INSERT INTO directory_users (directory_id, id, user_name_key, external_id, display_name_key, email_keys, active,
    created, last_modified, resource)
  SELECT $2, left(id, 10) || mark || substr(id, 15), 'copy-' || mark || user_name_key, mark || external_id,
    display_name_key, ARRAY(SELECT mark || key FROM unnest(email_keys) AS key), active, created, last_modified,
    resource || jsonb_build_object('userName', 'copy-' || mark || (resource->>'userName'))
  FROM directory_users CROSS JOIN (SELECT lpad(to_hex(n), 4, '0') AS mark FROM generate_series(1, $3::integer) AS n) AS copies
  WHERE directory_id = $1`;

const COPY_EMAILS = `
  INSERT INTO directory_user_emails (directory_id, value_key, user_id)
  SELECT directory_id, key, id FROM directory_users, unnest(email_keys) AS key WHERE directory_id = $1 ORDER BY key`;

async function sampleUsers({ database }: RollcallSystem, { directoryId }: Directory): Promise<StoredUser[]> {
  const { rows } = await database.admin.query<StoredUser>(
    `SELECT id, resource->>'userName' AS "userName" FROM directory_users WHERE directory_id = $1
     ORDER BY hashtext(id) LIMIT 10000`,
    [directoryId],
  );
  return rows;
}
