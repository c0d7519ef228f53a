import { expect, it } from 'vitest';
import { scimClient } from '../testing/scim-client';
import { useScim } from '../testing/use-scim';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

const suite = useScim();

it.each([
  ['a revoked token', 401, `UPDATE directory_secrets SET revoked_time = now() WHERE directory_id = $1`],
  ['a disabled directory', 403, `UPDATE directories SET enabled = false WHERE id = $1`],
])('never answers 204 to a DELETE of %s, nor deletes anything', async (_name, status, statement) => {
  const own = await suite.seed();
  const client = scimClient(own);
  const [user, group] = [await suite.makeUser({}, client), await suite.makeGroup([], client)];
  await suite.admin(statement, [own.directoryId]);
  for (const path of [`/Users/${user.id}`, `/Groups/${group.id}`]) {
    expect((await client('DELETE', path)).status).toBe(status);
    expect((await client('DELETE', path, undefined, { headers: { 'if-match': '*' } })).status).toBe(status);
    const bulk = { schemas: [BULK], Operations: [{ method: 'DELETE', path }] };
    expect((await client('POST', '/Bulk', bulk)).status).toBe(status);
  }
  const rows = await suite.admin(
    'SELECT id FROM directory_users WHERE directory_id = $1 UNION ALL SELECT id FROM directory_groups WHERE directory_id = $1',
    [own.directoryId],
  );
  expect(rows).toHaveLength(2);
});
