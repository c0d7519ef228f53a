import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { beforeAll, expect, it } from 'vitest';
import { waitUntil } from '@rollcall/testing';
import { patchBody, scimClient } from '../../testing/scim-client';
import type { ScimClient } from '../../testing/scim-client';
import type { SeededDirectory } from '../../testing/seed-directory';
import { useScim } from '../../testing/use-scim';

const MEMBERS = 100_000;

const suite = useScim();
let directory: SeededDirectory;
let client: ScimClient;
let groupId: string;
let memberId: string;

beforeAll(async () => {
  directory = await suite.seed();
  client = scimClient(directory);
  groupId = (await suite.makeGroup([], client)).id;
  await suite.admin(
    `WITH users AS (
       INSERT INTO directory_users (directory_id, id, user_name_key, active, created, last_modified, resource)
       SELECT $1, 'u' || lpad(n::text, 25, '0'), n::text, true, now(), now(),
         jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:schemas:core:2.0:User'), 'userName', n::text)
       FROM generate_series(1, $3::int) AS n RETURNING directory_id, id)
     INSERT INTO memberships (directory_id, group_id, member_id, member_type) SELECT directory_id, $2, id, 'User' FROM users`,
    [directory.directoryId, groupId, MEMBERS],
  );
  await suite.admin('ANALYZE');
  memberId = (await suite.makeUser({}, client)).id;
});

interface Counts {
  read: number;
  inserted: number;
  deleted: number;
}

/** Membership rows that all processes have read and written so far; PostgreSQL tells them a little later. */
async function countRows(): Promise<Counts> {
  const [row] = await suite.admin<Counts>(
    `SELECT (seq_tup_read + idx_tup_fetch)::int AS read, n_tup_ins::int AS inserted, n_tup_del::int AS deleted
     FROM pg_stat_user_tables WHERE relname = 'memberships'`,
  );
  return row ?? { read: 0, inserted: 0, deleted: 0 };
}

it('adds and removes a member of a group of 100,000 without reading the others', async () => {
  const start = await waitUntil(async () => {
    const counts = await countRows();
    return counts.inserted >= MEMBERS ? counts : undefined;
  });
  const send = (operation: Record<string, unknown>) => client('PATCH', `/Groups/${groupId}`, patchBody(operation));
  expect((await send({ op: 'add', path: 'members', value: [{ value: memberId }] })).status).toBe(204);
  expect((await send({ op: 'add', path: 'members', value: [{ value: memberId }] })).status).toBe(204);
  expect((await send({ op: 'remove', path: `members[value eq "${memberId}"]` })).status).toBe(204);
  expect((await send({ op: 'replace', value: { id: groupId, displayName: suite.unique('renamed') } })).status).toBe(
    204,
  );
  const end = await waitUntil(async () => {
    const counts = await countRows();
    return counts.inserted > start.inserted && counts.deleted > start.deleted ? counts : undefined;
  });
  expect(end).toMatchObject({ inserted: start.inserted + 1, deleted: start.deleted + 1 });
  expect(end.read - start.read).toBeLessThan(20);
  const group = await client('GET', `/Groups/${groupId}?excludedAttributes=members`);
  expect(group.json.meta.version).toBe('W/"4"');
});

/** Asks for the group and takes no more of the answer than its head. */
async function ask(): Promise<IncomingMessage> {
  const asked = request(`${directory.scimUrl}/Groups/${groupId}`, {
    headers: { authorization: `Bearer ${directory.token}` },
    agent: false,
  });
  const [answer] = (await once(asked.end(), 'response')) as [IncomingMessage];
  return answer.pause();
}

it('is answered as often at a time as its directory has memory for; the next one when a reader has gone', async () => {
  // Two fill the share of a directory.
  const answers = await Promise.all([ask(), ask()]);
  const third = ask();
  answers[0]?.destroy();
  const answer = await third;
  expect(answer.statusCode).toBe(200);
  answers[1]?.destroy();
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  expect((JSON.parse(text) as { members: unknown[] }).members).toHaveLength(MEMBERS);
});
