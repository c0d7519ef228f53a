import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check';
import { Client } from 'pg';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createPool, migrateDatabase } from '@rollcall/database';
import type { CallGatherer } from '@rollcall/database';
import { callAs } from './call-as.test-support';
import type { ScimCaller } from './caller';
import { createCallGatherer, GATHERING_POOL } from './gather-calls';
import { buildDirectory } from '@rollcall/test-builders';
import { insertUser, findUsers, loadUser, updateUser } from './user-store';

/** More than fit into the statements that can be on their way, so that most calls share one. */
const CALLS = 100;

let database: TestDatabase;
let admin: Client;
let gathering: Pool;
let alone: Pool;
let functions: CallGatherer;
let tenants: ScimCaller[];

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  const options = { url: database.appUrl, onError: () => undefined };
  gathering = createPool({ ...options, ...GATHERING_POOL, applicationName: 'gathering' });
  alone = createPool({ ...options, applicationName: 'alone' });
  functions = createCallGatherer({ gathering, alone });
  tenants = await Promise.all([1, 2, 3].map(() => buildDirectory(database.adminUrl)));
});

afterAll(async () => {
  await Promise.all([gathering.end(), alone.end(), admin.end()]);
  await database.drop();
});

function tenant(n: number): ScimCaller {
  const caller = tenants[n % tenants.length];
  if (!caller) throw new Error('there are tenants');
  return caller;
}

function userOf(userName: string) {
  const columns = {
    userNameKey: userName,
    externalId: null,
    displayNameKey: null,
    active: true,
    emailKeys: [userName],
  };
  return { resource: JSON.stringify({ userName, displayName: `"${userName}" \\ {ü}` }), columns };
}

/** Makes users one by one, with their names; user n belongs to tenant n. */
async function makeUsers(count: number): Promise<{ id: string; userName: string; caller: ScimCaller }[]> {
  const users = Array.from({ length: count }, (_, n) => ({
    id: newId(),
    userName: `${newId()}@x.test`,
    caller: tenant(n),
  }));
  for (const { id, userName, caller } of users) await insertUser(callAs(caller, alone), id, userOf(userName));
  return users;
}

/** How many statements the gathering pool sends while `work` runs. */
async function countStatements(work: () => Promise<unknown>): Promise<number> {
  let statements = 0;
  const count = () => (statements += 1);
  gathering.on('acquire', count);
  await work().finally(() => gathering.off('acquire', count));
  return statements;
}

it('sends calls of several tenants that come at the same time in few statements', async () => {
  const users = await makeUsers(CALLS);
  const statements = await countStatements(() =>
    Promise.all(users.map(({ id, caller }) => loadUser(callAs(caller, functions), id))),
  );
  expect(statements).toBeLessThan(CALLS / 8);
  expect(await countStatements(() => loadUser(callAs(tenant(0), functions), newId()))).toBe(1);
});

it('sends the few calls that come while a statement is under way together, when it has been answered', async () => {
  const users = await makeUsers(9);
  const statements = await countStatements(() =>
    Promise.all(users.map(({ id, caller }) => loadUser(callAs(caller, functions), id))),
  );
  expect(statements).toBe(2);
});

it('gives every call its own result, whatever goes with it, and no tenant another’s user', async () => {
  const users = await makeUsers(12);
  const call = record({
    kind: constantFrom('get', 'find', 'update', 'create' as const),
    n: nat(users.length - 1),
    // Whose token: with another tenant's than the user's, nothing may be found.
    by: nat(2),
  });
  await assert(
    asyncProperty(array(call, { minLength: 1, maxLength: CALLS }), async (calls) => {
      const made: string[] = [];
      await Promise.all(
        calls.map(async ({ kind, n, by }) => {
          const { id, userName, caller } = users[n]!;
          const own = caller === tenant(by);
          if (kind === 'get') {
            const { stored } = await loadUser(callAs(tenant(by), functions), id);
            expect(stored && (JSON.parse(stored.resource) as { userName: string }).userName).toBe(
              own ? userName : null,
            );
          } else if (kind === 'find') {
            const query = { attribute: 'userName', key: userName, offset: 0, limit: 10 } as const;
            const page = await findUsers(callAs(tenant(by), functions), query);
            expect(page.resources.map((found) => found.id)).toEqual(own ? [id] : []);
          } else if (kind === 'update') {
            const { outcome } = await updateUser(
              callAs(tenant(by), functions),
              id,
              own ? 1_000_000 : 1,
              userOf(userName),
            );
            expect(outcome).toBe(own ? 'conflict' : 'missing');
          } else {
            const name = `${newId()}@made.test`;
            made.push(name);
            expect((await insertUser(callAs(tenant(by), functions), newId(), userOf(name))).outcome).toBe('ok');
          }
        }),
      );
      const { rows } = await admin.query('SELECT 1 FROM directory_users WHERE user_name_key = ANY ($1)', [made]);
      expect(rows).toHaveLength(made.length);
    }),
    { numRuns: 30 },
  );
});

it('asks for each token of a statement, also for those of one directory', async () => {
  const [user] = await makeUsers(1);
  const { id, caller } = user!;
  const outdated = { ...caller, secretVersion: caller.secretVersion + 1 };
  const isOutdated = Array.from({ length: CALLS }, (_, n) => n % 3 !== 0);
  const results = await Promise.allSettled(
    isOutdated.map((outdatedToken) => loadUser(callAs(outdatedToken ? outdated : caller, functions), id)),
  );
  expect(results.map(({ status }) => status === 'rejected')).toEqual(isOutdated);
});

it('tells every call how strict its own directory is', async () => {
  const users = await makeUsers(CALLS);
  const strict = tenant(1);
  await admin.query('UPDATE directories SET strict_mode = true WHERE id = $1', [strict.directoryId]);
  const loaded = await Promise.all(users.map(({ id, caller }) => loadUser(callAs(caller, functions), id)));
  await admin.query('UPDATE directories SET strict_mode = false WHERE id = $1', [strict.directoryId]);
  expect(loaded.map(({ strictMode }) => strictMode)).toEqual(users.map(({ caller }) => caller === strict));
});

it('lets what PostgreSQL refuses fail alone: the other calls of its statement are stored, each with one change row', async () => {
  const users = await makeUsers(CALLS);
  const takenName = users[0]!.userName;
  const results = await Promise.all(
    users.map(({ id, userName, caller }, n) => {
      // Every tenth of the first tenant's users wants the name of its first user.
      const name = n > 0 && n % 30 === 0 ? takenName : userName;
      return updateUser(callAs(caller, functions), id, 1, userOf(name));
    }),
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(
    users.map((_, n) => (n > 0 && n % 30 === 0 ? 'uniqueness' : 'ok')),
  );
  const { rows } = await admin.query<{ version: number; changes: number }>(
    `SELECT u.version, (SELECT count(*)::int FROM changes c WHERE c.resource_id = u.id) AS changes
     FROM unnest($1::text[]) WITH ORDINALITY AS w (id, n) JOIN directory_users u USING (id) ORDER BY w.n`,
    [users.map(({ id }) => id)],
  );
  expect(rows).toEqual(
    users.map((_, n) => (n > 0 && n % 30 === 0 ? { version: 1, changes: 1 } : { version: 2, changes: 2 })),
  );
});

it('refuses the text that PostgreSQL cannot store to its own caller only', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 40 }, (_, n) => {
      const { columns } = userOf(`${newId()}@x.test`);
      const resource = n === 20 ? '{"displayName":"\\u0000"}' : '{}';
      return insertUser(callAs(tenant(n), functions), newId(), { resource, columns });
    }),
  );
  expect(results.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([20]);
});

it('does not let calls wait for the lock that one of them needs', async () => {
  const users = await makeUsers(40);
  const locked = users[20]!;
  await admin.query('BEGIN');
  await admin.query('SELECT 1 FROM directory_users WHERE id = $1 FOR UPDATE', [locked.id]);
  let released = false;
  const results = users.map(async ({ id, userName, caller }) => {
    const { outcome } = await updateUser(callAs(caller, functions), id, 1, userOf(userName));
    return { outcome, released };
  });
  const others = await Promise.all(results.filter((_, n) => n !== 20));
  released = true;
  await admin.query('COMMIT');
  expect(others).toEqual(others.map(() => ({ outcome: 'ok', released: false })));
  expect(await results[20]).toEqual({ outcome: 'ok', released: true });
});

it('does not let calls wait for one that takes long', async () => {
  const [user] = await makeUsers(1);
  const { id, caller, userName } = user!;
  const patient = createPool({
    url: database.appUrl,
    onError: () => undefined,
    ...GATHERING_POOL,
  });
  const patientFunctions = createCallGatherer({ gathering: patient, alone, lockMs: 60_000 });
  const find = (attribute: 'emails.value' | 'userName') =>
    findUsers(callAs(caller, patientFunctions), { attribute, key: userName, offset: 0, limit: 10 });
  await admin.query('BEGIN');
  await admin.query('LOCK TABLE directory_user_emails IN ACCESS EXCLUSIVE MODE');
  let released = false;
  const long = find('emails.value').then((page) => ({ page, released }));
  const others = await Promise.all([find('userName'), find('userName')]);
  expect(others.flatMap(({ resources }) => resources.map((found) => found.id))).toEqual([id, id]);
  released = true;
  await admin.query('COMMIT');
  expect(await long).toMatchObject({ page: { resources: [{ id }] }, released: true });
  await patient.end();
});

it('answers again after its connections were lost', async () => {
  const [user] = await makeUsers(1);
  await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gathering'`);
  const reads = () =>
    Promise.allSettled(Array.from({ length: 40 }, () => loadUser(callAs(user!.caller, functions), user!.id)));
  await reads();
  expect((await reads()).map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 'fulfilled'));
});
