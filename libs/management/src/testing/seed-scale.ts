import { Client } from 'pg';
import { EMPTY_GROUP, EMPTY_USER } from '@rollcall/contract';
import type { BuiltDirectory } from '@rollcall/test-builders';

/** How much `seedScale` writes. */
export interface Scale {
  users: number;
  /** Members of the one large group. */
  members: number;
  /** Changes that wait to be drained. */
  changes: number;
  events: number;
  /** Pending deliveries of each endpoint. */
  backlog: number;
}

/** What was published of each; complete, as a drain writes it. */
const PUBLISHED_USER = JSON.stringify(EMPTY_USER);
const PUBLISHED_GROUP = JSON.stringify(EMPTY_GROUP);

/** User or group number n. */
export function resourceId(kind: 'u' | 'g', n: number): string {
  return `${kind}${String(n).padStart(25, '0')}`;
}

/** Endpoint id of a kind of backlog. */
export function endpointId(kind: BacklogKind): string {
  return kind.padEnd(26, '0');
}

/**
 * Backlogs of an endpoint, all due: `none`, `resource`, `fifo` = as many users as ten events each make, with that ordering;
 * `hot` = ordering resource, all events are of one user; `behind` = ordering resource, the first event of each user waits for
 * its second attempt while nine others are due; `lines` = fifo, of a hundred directories.
 */
export const BACKLOGS = ['none', 'resource', 'fifo', 'hot', 'behind', 'lines'] as const;
export type BacklogKind = (typeof BACKLOGS)[number];

/** Fills a directory past all functions, in sets, and a second one with changes that wait. */
export async function seedScale(
  adminUrl: string,
  { directory, busy }: { directory: BuiltDirectory; busy: BuiltDirectory },
  scale: Scale,
): Promise<void> {
  const connections = await Promise.all([connect(adminUrl), connect(adminUrl)]);
  const [first, second] = connections;
  if (!first || !second) throw new Error('no connection');
  await Promise.all([seedUsers(first, directory, scale), seedRest(second, directory, scale, busy)]);
  await first.query('VACUUM ANALYZE');
  await Promise.all(connections.map((client) => client.end()));
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

/** Rows of one transaction: a long one would hold up the event feeds of the suites beside this one. */
const SLICE = 50_000;

/** Runs a statement for the numbers from 1 to `total` in slices; their bounds are its last two parameters. */
async function inSlices(admin: Client, total: number, sql: string, params: readonly unknown[]): Promise<void> {
  for (let from = 1; from <= total; from += SLICE) {
    await admin.query(sql, [...params, from, Math.min(from + SLICE - 1, total)]);
  }
}

const USER_ID = `'u' || lpad(n::text, 25, '0')`;

async function seedUsers(admin: Client, { directoryId }: BuiltDirectory, { users }: Scale): Promise<void> {
  await inSlices(
    admin,
    users,
    `INSERT INTO directory_users (directory_id, id, user_name_key, external_id, display_name_key, email_keys, active, created,
       last_modified, resource)
     SELECT $1, ${USER_ID}, 'user' || n || '@example.com', 'ext' || n, 'display ' || n, ARRAY['user' || n || '@example.com'],
       n % 100 <> 0, now(), now() - n * interval '1 second', '{"userName":"user@example.com"}'
     FROM generate_series($2::int, $3::int) AS n`,
    [directoryId],
  );
}

async function seedRest(admin: Client, directory: BuiltDirectory, scale: Scale, busy: BuiltDirectory): Promise<void> {
  const { directoryId } = directory;
  await inSlices(
    admin,
    scale.users,
    `INSERT INTO directory_user_emails (directory_id, value_key, user_id)
     SELECT $1, 'user' || n || '@example.com', ${USER_ID} FROM generate_series($2::int, $3::int) AS n`,
    [directoryId],
  );
  await inSlices(
    admin,
    scale.users,
    `INSERT INTO published_users (directory_id, id, sequence, terms_sequence, data, name_key, email_key)
     SELECT $1, ${USER_ID}, n, n, '${PUBLISHED_USER}', 'display ' || n, 'user' || n || '@example.com'
     FROM generate_series($2::int, $3::int) AS n`,
    [directoryId],
  );
  await inSlices(
    admin,
    scale.users,
    `INSERT INTO search_terms (directory_id, kind, term, id)
     SELECT $1, t.kind, t.term, ${USER_ID} FROM generate_series($2::int, $3::int) AS n
     CROSS JOIN LATERAL (VALUES ('user', 'display'), ('user', 'name' || n), ('user', 'user' || n || '@example.com'),
       ('user', 'example.com'), ('user', 'ext' || n), ('role', CASE WHEN n % 1000 = 0 THEN 'admin' ELSE 'member' END)) AS t (kind, term)`,
    [directoryId],
  );
  await seedGroup(admin, directoryId, scale);
  await seedChanges(admin, busy, scale.changes);
  await seedEvents(admin, directory, scale.events);
  await seedEndpoints(admin, directory);
  await seedBacklogs(admin, directory, scale);
}

/** Changes of five thousand users, each published before. */
async function seedChanges(admin: Client, { directoryId }: BuiltDirectory, changes: number): Promise<void> {
  await admin.query(
    `INSERT INTO published_users (directory_id, id, sequence, data) SELECT $1, ${USER_ID}, n, '${PUBLISHED_USER}'
     FROM generate_series(1, 5000) AS n`,
    [directoryId],
  );
  await admin.query(
    `INSERT INTO changes (directory_id, kind, resource_id, resource, occurred_at)
     SELECT $1, 'user_written', 'u' || lpad((n % 5000 + 1)::text, 25, '0'), '{"userName":"user@example.com"}', now()
     FROM generate_series(1, $2::int) AS n`,
    [directoryId, changes],
  );
}

async function seedGroup(admin: Client, directoryId: string, { members }: Scale): Promise<void> {
  const groupId = resourceId('g', 1);
  await admin.query(
    `INSERT INTO directory_groups (directory_id, id, display_name_key, external_id, created, last_modified, resource)
     SELECT $1, 'g' || lpad(n::text, 25, '0'), 'group ' || n, 'ext' || n, now(), now(), '{"displayName":"Group"}'
     FROM generate_series(1, 1000) AS n`,
    [directoryId],
  );
  await admin.query(
    `INSERT INTO search_terms (directory_id, kind, term, id)
     SELECT $1, 'group', t.term, 'g' || lpad(n::text, 25, '0') FROM generate_series(1, 1000) AS n
     CROSS JOIN LATERAL (VALUES ('group'), (n::text), ('ext' || n)) AS t (term)`,
    [directoryId],
  );
  await admin.query(
    `INSERT INTO published_groups (directory_id, id, sequence, terms_sequence, data) VALUES ($1, $2, 1, 1, '${PUBLISHED_GROUP}')`,
    [directoryId, groupId],
  );
  for (const [table, member] of [
    ['memberships', 'member_id'],
    ['published_memberships', 'user_id'],
  ]) {
    const type = table === 'memberships' ? [', member_type', `, 'User'`] : ['', ''];
    await admin.query(
      `INSERT INTO ${table} (directory_id, group_id, ${member}${type[0]})
       SELECT $1, $2, ${USER_ID}${type[1]} FROM generate_series(1, $3::int) AS n
       UNION ALL SELECT $1, 'g' || lpad(g::text, 25, '0'), ${USER_ID}${type[1]}
       FROM generate_series(2, 1000) AS g, generate_series(1, 20) AS n`,
      [directoryId, groupId, members],
    );
  }
}

/** Ids that start in this millisecond, so that the rows lie in this week's partitions. */
const LOG_ID = (kind: string) => `ulid_floor(now()) || '${kind}' || lpad(n::text, 12, '0')`;

async function seedEvents(admin: Client, directory: BuiltDirectory, events: number): Promise<void> {
  const { directoryId, environmentId, organizationId } = directory;
  await admin.query(
    `INSERT INTO events (directory_id, environment_id, organization_id, id, sequence, type, resource_id, occurred_at, body)
     SELECT $1, $2, $3, ${LOG_ID('even')}, n, 'organization.directory.user_updated', 'u' || lpad((n % 5000 + 1)::text, 25, '0'),
       now(), '{"n":' || n || '}' FROM generate_series(1, $4::int) AS n`,
    [directoryId, environmentId, organizationId, events],
  );
  await admin.query('UPDATE directory_counters SET last_sequence = $2 WHERE directory_id = $1', [directoryId, events]);
}

/** The endpoints with backlogs, among a thousand that have nothing to do. */
async function seedEndpoints(admin: Client, { environmentId }: BuiltDirectory): Promise<void> {
  const orderings = BACKLOGS.map((kind) =>
    kind === 'hot' || kind === 'behind' ? 'resource' : kind === 'lines' ? 'fifo' : kind,
  );
  await admin.query(
    `INSERT INTO webhook_endpoints (environment_id, id, url, ordering)
     SELECT $1, k.id, 'https://app.test', k.ordering FROM unnest($2::text[], $3::text[]) AS k (id, ordering)
     UNION ALL SELECT $1, 'idle' || lpad(n::text, 22, '0'), 'https://app.test', 'none' FROM generate_series(1, 1000) AS n`,
    [environmentId, BACKLOGS.map(endpointId), orderings],
  );
  await admin.query(
    `INSERT INTO webhook_endpoint_health (environment_id, endpoint_id) SELECT environment_id, id FROM webhook_endpoints
     WHERE environment_id = $1`,
    [environmentId],
  );
}

async function seedBacklogs(admin: Client, directory: BuiltDirectory, { backlog }: Scale): Promise<void> {
  for (const [index, kind] of BACKLOGS.entries()) {
    const lines = { hot: '1', lines: 'n % 100' }[kind as string] ?? `n % ${backlog / 10}`;
    const isTried = kind === 'behind' ? `n <= ${backlog / 10}` : 'false';
    await admin.query(
      `INSERT INTO deliveries (directory_id, environment_id, id, endpoint_id, event_id, event_type, sequence, resource_id, state,
         attempt, first_attempt_time, next_attempt_time)
       SELECT CASE WHEN $5 THEN 'directory' || ${lines} ELSE $1 END, $2, ${LOG_ID(`de0${index}`)}, $3, ${LOG_ID('even')}, 'user', n,
         'r' || ${lines}, 'pending', CASE WHEN ${isTried} THEN 1 ELSE 0 END, CASE WHEN ${isTried} THEN now() END,
         CASE WHEN ${isTried} THEN now() + interval '5 minutes' ELSE now() END
       FROM generate_series(1, $4::int) AS n`,
      [directory.directoryId, directory.environmentId, endpointId(kind), backlog, kind === 'lines'],
    );
  }
}
