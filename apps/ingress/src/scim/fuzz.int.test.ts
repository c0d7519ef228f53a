import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeGroup, changeUser } from '@rollcall/directory';
import { isJsonObject } from '@rollcall/scim';
import type { JsonValue, ScimResource } from '@rollcall/scim';
import { createRandom } from '../testing/fuzz/create-random';
import type { FuzzState } from '../testing/fuzz/generate-body';
import { generateRequest } from '../testing/fuzz/generate-request';
import type { FuzzRequest } from '../testing/fuzz/generate-request';
import { replayChanges } from '../testing/fuzz/replay-changes';
import type { ChangeRow } from '../testing/fuzz/replay-changes';
import { createRawSender } from '../testing/fuzz/send-raw';
import type { RawAnswer } from '../testing/fuzz/send-raw';
import { scimClient } from '../testing/scim-client';
import type { ScimBody } from '../testing/scim-client';
import type { SeededDirectory } from '../testing/seed-directory';
import { useScim } from '../testing/use-scim';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
/** A failure is repeated, but for the order of requests under way at once, with SCIM_FUZZ_SEED=<seed>. */
const SEED = Number(process.env.SCIM_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 32));
const REQUESTS = Number(process.env.SCIM_FUZZ_REQUESTS ?? (process.env.CI === 'true' ? 5_000 : 2_000));
const AT_ONCE = 8;

const suite = useScim();
const raw = createRawSender();
afterAll(() => raw.close());

/** An acknowledged write: the resource and the version it was told to have, undefined once deleted. */
interface Acknowledged {
  id: string;
  endpoint: string;
  version: number | undefined;
}

let directories: SeededDirectory[];
let bystander: SeededDirectory;
let untouched: string;
const faults: string[] = [];
const acknowledged: Acknowledged[] = [];
const statuses = new Map<number, number>();

beforeAll(async () => {
  process.stderr.write(`fuzzing SCIM with ${REQUESTS} requests, SCIM_FUZZ_SEED=${SEED}\n`);
  directories = [await suite.seed(), await suite.seed({ strict: true })];
  bystander = await suite.seed();
  const client = scimClient(bystander);
  const user = await suite.makeUser({ userName: 'ann1', externalId: 'ann1' }, client);
  await suite.makeGroup([user.id], client);
  untouched = await snapshot(bystander);
  const lanes = directories.map((): FuzzState => ({ users: [], groups: [], values: [] }));
  const perWorker = Math.ceil(REQUESTS / AT_ONCE);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, worker) => {
      const random = createRandom(SEED + worker);
      for (let sent = 0; sent < perWorker; sent++) {
        const lane = random.chance(0.7) ? 0 : 1;
        await fuzzOnce(directories[lane]!, lanes[lane]!, generateRequest(random, lanes[lane]!));
      }
    }),
  );
});

const snapshot = async ({ directoryId }: SeededDirectory): Promise<string> =>
  JSON.stringify(
    await Promise.all(
      ['directory_users', 'directory_groups', 'memberships', 'changes', 'learned_attributes'].map((table) =>
        suite.admin(`SELECT * FROM ${table} t WHERE directory_id = $1 ORDER BY t::text`, [directoryId]),
      ),
    ),
  );

async function fuzzOnce({ scimUrl, token }: SeededDirectory, state: FuzzState, request: FuzzRequest): Promise<void> {
  const { method, path, headers, body } = request;
  const url = `${scimUrl}${path}`;
  try {
    const answer = await raw.send({
      method,
      url,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const fault = faultOf(request, answer);
    if (fault === undefined) remember(request, answer, state);
    else report(request, `${fault}: ${answer.status} ${answer.text.slice(0, 300)}`);
  } catch (error) {
    report(request, String(error));
  }
}

function report({ method, path, headers, body }: FuzzRequest, fault: string): void {
  if (faults.length < 10) {
    faults.push(`${fault}\n${method} ${path}\n${JSON.stringify(headers)}\n${String(body).slice(0, 2_000)}`);
  }
}

/** What is wrong with an answer, whatever the request was; undefined when nothing is. */
function faultOf({ method, path }: FuzzRequest, { status, headers, text }: RawAnswer): string | undefined {
  if (status >= 500 && !(status === 501 && /^\/*(Me\/*)?(\?|$)/.test(path))) return 'a server error';
  if (status < 200) return 'no final status';
  if (method === 'HEAD' || status === 204 || status === 304)
    return text === '' ? undefined : 'a body where none may be';
  if (headers['content-type'] !== 'application/scim+json') return 'not application/scim+json';
  const body = JSON.parse(text) as ScimBody;
  if (!Array.isArray(body.schemas) || body.schemas.length === 0) return 'no schemas';
  const version = (body.meta as { version?: string } | undefined)?.version;
  if (status < 400) return version !== undefined && (headers.etag ?? version) !== version ? 'two versions' : undefined;
  const isError = (body.schemas as string[])[0] === ERROR && body.status === String(status) && body.detail.length > 0;
  if (!isError) return 'not a SCIM error';
  return status === 401 && headers['www-authenticate'] === undefined ? 'no WWW-Authenticate' : undefined;
}

/** Keeps what the server acknowledged, and the ids for later requests. */
function remember({ method, path }: FuzzRequest, { status, headers, text }: RawAnswer, state: FuzzState): void {
  const endpoint = /^\/(Users|Groups)(?=[/?]|$)/.exec(path)?.[1];
  if (method === 'POST' && /^\/Bulk(\?|$)/.test(path) && status === 200) return rememberBulk(text, state);
  if (endpoint === undefined || status >= 300 || !['POST', 'PUT', 'PATCH', 'DELETE'].includes(method)) return;
  if (path.includes('.search')) return;
  const id = headers.location?.split('/').at(-1) ?? /^\/\w+\/+([0-9a-z]{26})/.exec(path)?.[1];
  if (id !== undefined) keep({ id, endpoint, version: versionOf(headers.etag), gone: method === 'DELETE' }, state);
}

function rememberBulk(text: string, state: FuzzState): void {
  for (const { method, status, location, version } of (JSON.parse(text) as { Operations: Record<string, string>[] })
    .Operations) {
    const [, endpoint, id] = /\/(Users|Groups)\/([0-9a-z]{26})$/.exec(location ?? '') ?? [];
    if (endpoint === undefined || id === undefined || Number(status) >= 300) continue;
    keep({ id, endpoint, version: versionOf(version), gone: method === 'DELETE' }, state);
  }
}

function keep(
  { id, endpoint, version, gone }: { id: string; endpoint: string; version: number | undefined; gone: boolean },
  state: FuzzState,
): void {
  const ids = endpoint === 'Users' ? state.users : state.groups;
  // Ids of deleted resources stay for a while: requests to them are worth sending.
  if (!gone && !ids.includes(id)) ids.push(id);
  if (ids.length > 150) ids.splice(0, 50);
  if (gone) acknowledged.push({ id, endpoint, version: undefined });
  else if (version !== undefined) acknowledged.push({ id, endpoint, version });
}

const versionOf = (etag: string | undefined): number | undefined =>
  etag === undefined ? undefined : Number(/\d+/.exec(etag)?.[0]);

describe('whatever a client sends', () => {
  it('is answered with 2xx, 3xx or a 4xx SCIM error, and never with a server error', () => {
    expect(faults).toEqual([]);
    const seen = [...statuses.keys()].toSorted((a, b) => a - b);
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(REQUESTS);
    expect(seen).toEqual(expect.arrayContaining([200, 201, 204, 400, 401, 404, 405, 409, 412]));
  });

  it('leaves the server up and its objects unpolluted', async () => {
    for (const directory of directories) {
      const { status, json } = await scimClient(directory)('GET', '/Users?count=1');
      expect(status).toBe(200);
      const [row] = await suite.admin<{ count: string }>(
        'SELECT count(*) FROM directory_users WHERE directory_id = $1',
        [directory.directoryId],
      );
      expect(json.totalResults).toBe(Number(row?.count));
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.getOwnPropertyNames({})).toEqual([]);
  });

  it('leaves other directories as they were', async () => {
    expect(await snapshot(bystander)).toBe(untouched);
  });

  it('leaves resources that are unique, have one primary value at most and are found by what they hold', async () => {
    const users = await suite.admin<UserRow>('SELECT * FROM directory_users');
    expect(users.length).toBeGreaterThan(10);
    const names = users.map(
      ({ directory_id, resource }) => `${directory_id} ${(resource.userName as string).toLowerCase()}`,
    );
    expect(new Set(names).size).toBe(names.length);
    for (const { resource, ...row } of users) {
      for (const values of Object.values(resource)) expect(primaries(values)).toBeLessThan(2);
      expect(row).toMatchObject(toColumns(changeUser(null, resource)!.columns));
    }
    const emails = await suite.admin<{ key: string }>(
      `SELECT directory_id || ' ' || user_id || ' ' || value_key AS key FROM directory_user_emails`,
    );
    const expected = users.flatMap(({ directory_id, id, email_keys }) =>
      email_keys.map((key) => `${directory_id} ${id} ${key}`),
    );
    expect(emails.map(({ key }) => key).toSorted()).toEqual(expected.toSorted());
    for (const { resource, ...row } of await suite.admin<UserRow>('SELECT * FROM directory_groups')) {
      expect(row).toMatchObject(toColumns(changeGroup(null, resource)!.columns));
    }
  });

  it('leaves memberships of resources that exist alone', async () => {
    const dangling = await suite.admin(
      `SELECT m.* FROM memberships m JOIN directory_groups g ON g.directory_id = m.directory_id AND g.id = m.group_id
       WHERE m.member_type = 'User'
         AND NOT EXISTS (SELECT 1 FROM directory_users u WHERE u.directory_id = m.directory_id AND u.id = m.member_id)`,
    );
    expect(dangling).toEqual([]);
    for (const directory of directories) {
      const client = scimClient(directory);
      const users = await allIds(client, '/Users');
      const groups = await allIds(client, '/Groups');
      const { Resources } = (await client('GET', '/Groups?count=500')).json;
      for (const { members = [] } of Resources) {
        for (const { value, type } of members) expect((type === 'User' ? users : groups).has(value)).toBe(true);
      }
    }
  });

  it('has every acknowledged write in the outbox, and all that the directories hold', async () => {
    for (const { directoryId } of directories) {
      const changes = await suite.admin<ChangeRow>('SELECT * FROM changes WHERE directory_id = $1 ORDER BY id', [
        directoryId,
      ]);
      const told = replayChanges(changes);
      const stored = await suite.admin<{ id: string; version: number; resource: ScimResource }>(
        `SELECT id, version, resource FROM directory_users WHERE directory_id = $1
         UNION ALL SELECT id, version, resource FROM directory_groups WHERE directory_id = $1`,
        [directoryId],
      );
      const byId = new Map(stored.map(({ id, resource }) => [id, resource]));
      expect(new Map([...told.users, ...told.groups])).toEqual(byId);
      const memberships = await suite.admin<{ key: string }>(
        `SELECT m.group_id || ' ' || m.member_id AS key FROM memberships m
         JOIN directory_groups g ON g.directory_id = m.directory_id AND g.id = m.group_id
         WHERE m.directory_id = $1 AND (
           EXISTS (SELECT 1 FROM directory_users u WHERE u.directory_id = $1 AND u.id = m.member_id)
           OR EXISTS (SELECT 1 FROM directory_groups o WHERE o.directory_id = $1 AND o.id = m.member_id))`,
        [directoryId],
      );
      expect(memberships.map(({ key }) => key).toSorted()).toEqual(told.memberships);
      const writes = new Map<string, number>();
      for (const { kind, resource_id: id } of changes) {
        if (kind === 'user_written') writes.set(id, (writes.get(id) ?? 0) + 1);
      }
      for (const { id, version } of stored) if (told.users.has(id)) expect(version).toBe(writes.get(id));
    }
    const kinds = await suite.admin<{ id: string; kinds: string[] }>(
      'SELECT resource_id AS id, array_agg(kind ORDER BY changes.id) AS kinds FROM changes GROUP BY resource_id',
    );
    const kindsOf = new Map(kinds.map(({ id, kinds: list }) => [id, list]));
    expect(acknowledged.length).toBeGreaterThan(REQUESTS / 50);
    for (const { id, endpoint, version } of acknowledged) {
      const noun = endpoint === 'Users' ? 'user' : 'group';
      const told = kindsOf.get(id) ?? [];
      if (version === undefined) expect(told.at(-1), id).toBe(`${noun}_deleted`);
      else if (noun === 'user') {
        expect(told.filter((kind) => kind === 'user_written').length, id).toBeGreaterThanOrEqual(version);
      } else expect(told[0], id).toBe('group_written');
    }
  });
});

interface UserRow extends Record<string, unknown> {
  directory_id: string;
  id: string;
  email_keys: string[];
  resource: ScimResource;
}

function primaries(values: JsonValue): number {
  return Array.isArray(values) ? values.filter((value) => isJsonObject(value) && value.primary === true).length : 0;
}

/** Names as the database has them. */
function toColumns(columns: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value as unknown,
    ]),
  );
}

async function allIds(client: ReturnType<typeof scimClient>, endpoint: string): Promise<Set<string>> {
  const ids = new Set<string>();
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const page: ScimBody = (await client('GET', `${endpoint}?attributes=id&count=500&cursor=${cursor}`)).json;
    for (const { id } of page.Resources) ids.add(id);
    cursor = page.nextCursor;
  }
  return ids;
}
