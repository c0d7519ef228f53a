import { beforeAll, describe, expect, it } from 'vitest';
import { scimClient } from '../../testing/scim-client';
import type { ScimBody, ScimClient } from '../../testing/scim-client';
import { useScim } from '../../testing/use-scim';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const MEMBERS = 300;
const NAMED = 8;

const suite = useScim();
let scim: ScimClient;
/** The first in the order of displayName are users, then comes the group of many members. */
let names: string[];

beforeAll(async () => {
  const directory = await suite.seed();
  scim = scimClient(directory);
  names = Array.from({ length: NAMED }, (_, n) => `name ${n}`);
  for (const displayName of names) await suite.makeUser({ displayName }, scim);
  names.push('the last');
  const group = await scim('POST', '/Groups', { displayName: 'the last' });
  await suite.admin(
    `WITH users AS (
       INSERT INTO directory_users (directory_id, id, user_name_key, active, created, last_modified, resource)
       SELECT $1, 'u' || lpad(n::text, 25, '0'), n::text, true, now(), now(),
         jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:schemas:core:2.0:User'), 'userName', n::text)
       FROM generate_series(1, $3::int) AS n RETURNING directory_id, id)
     INSERT INTO memberships (directory_id, group_id, member_id, member_type) SELECT directory_id, $2, id, 'User' FROM users`,
    [directory.directoryId, group.json.id, MEMBERS],
  );
  await suite.admin('ANALYZE');
});

async function ask(query: Record<string, unknown>): Promise<ScimBody> {
  const answer = await scim('POST', '/.search', { schemas: [SEARCH], ...query });
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

const displayNames = ({ Resources }: ScimBody): unknown[] => Resources.map(({ displayName }) => displayName);

describe('a sorted search over all types goes on to a group of many members and shows them', () => {
  const query = { sortBy: 'displayName', excludedAttributes: ['groups'] };

  it('by cursor', async () => {
    const seen: unknown[] = [];
    let page = await ask({ ...query, count: 1, cursor: '' });
    for (; seen.length < NAMED; page = await ask({ ...query, count: 1, cursor: page.nextCursor })) {
      seen.push(...displayNames(page));
    }
    expect([...seen, ...displayNames(page)]).toEqual(names);
    expect(page.Resources[0]?.members).toHaveLength(MEMBERS);
  });

  it('by index', async () => {
    const seen: unknown[] = [];
    for (let startIndex = 1; startIndex < NAMED; startIndex += 3) {
      seen.push(...displayNames(await ask({ ...query, startIndex, count: 3 })));
    }
    expect(seen).toEqual(names);
  });
});

describe('a sorted search over all types is in order by what its answer does not show', () => {
  it.each(['members', 'members.value', 'members.type'])('by %s', async (sortBy) => {
    for (const place of [{}, { cursor: '' }]) {
      const shown = await ask({ sortBy, attributes: ['displayName'], count: 2, ...place });
      expect(displayNames(shown)).toEqual(['the last', names[0]]);
      const descending = await ask({
        sortBy,
        sortOrder: 'descending',
        attributes: ['displayName'],
        count: 2,
        ...place,
      });
      expect(displayNames(descending)).toEqual(names.slice(0, 2));
    }
  });
});
