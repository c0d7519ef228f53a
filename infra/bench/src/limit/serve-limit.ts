import { timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '@rollcall/platform';
import { APP_ROLE, createPool } from '@rollcall/database';
import { createCallGatherer, GATHERING_POOL, PAGE_BYTES } from '@rollcall/scim-store';

/**
 * What the machine allows: Fastify, the token compared, the body parsed, and Rollcall's SQL functions over the same
 * tables, indexes and policies, gathered into as few statements. Nothing is validated, normalized, rendered, counted or logged. A
 * change of a user reads it first, because its function wants the version that is changed.
 */
const { DATABASE_URL = '', TOKEN = '', SECRET_ID = '' } = process.env;
const expected = Buffer.from(`Bearer ${TOKEN}`);
const database = { url: DATABASE_URL, role: APP_ROLE, onError: () => process.exit(1) };
const alone = createPool({ ...database, poolSize: 12 });
const functions = createCallGatherer({ gathering: createPool({ ...database, ...GATHERING_POOL }), alone });

interface OktaUser {
  userName: string;
  displayName: string;
  externalId: string;
  active: boolean;
  emails: { value: string }[];
}

interface OktaGroup {
  displayName: string;
}

interface Patch<Value> {
  Operations: { op: 'add' | 'remove' | 'replace'; path?: string; value: Value }[];
}

interface Asked {
  directoryId: string;
  /** Empty where the request names none. */
  id: string;
  query: Record<string, string>;
  /** The parsed body; undefined without one. */
  body: unknown;
}

type DirectoryRequest = FastifyRequest<{
  Params: { directoryId: string; id?: string };
  Querystring: Record<string, string>;
}>;

interface Answer {
  status: number;
  /** JSON text. */
  text: string;
}

type Row = Record<string, unknown>;

const server = fastify({ logger: false });
server.removeContentTypeParser('application/json');
server.addContentTypeParser(
  ['application/json', 'application/scim+json'],
  { parseAs: 'string' },
  (_request, body, done) => {
    done(null, JSON.parse(body as string));
  },
);
server.addHook('onRequest', (request, reply, done) => {
  const given = Buffer.from(request.headers.authorization ?? '');
  if (given.length === expected.length && timingSafeEqual(given, expected)) done();
  else void reply.code(401).send();
});
server.post('/:directoryId/Users', answerWith(createUser));
server.get(
  '/:directoryId/Users',
  answerWith((asked) => ('filter' in asked.query ? findUser(asked) : listUsers(asked))),
);
server.get('/:directoryId/Users/:id', answerWith(readUser));
server.put('/:directoryId/Users/:id', answerWith(replaceUser));
server.patch('/:directoryId/Users/:id', answerWith(patchUser));
server.post('/:directoryId/Groups', answerWith(createGroup));
server.get('/:directoryId/Groups/:id', answerWith(readGroup));
server.patch('/:directoryId/Groups/:id', answerWith(patchGroup));
await server.listen({ host: '127.0.0.1', port: 0 });
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'ready', port: (server.server.address() as AddressInfo).port });

function answerWith(handle: (asked: Asked) => Promise<Answer>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const { params, query, body } = request as DirectoryRequest;
    const { status, text } = await handle({ directoryId: params.directoryId, id: params.id ?? '', query, body });
    reply.code(status);
    if (text !== '') reply.type('application/scim+json');
    return text;
  };
}

/** The rows of a SCIM function; `values` are its arguments behind those that name the caller. */
function call(name: string, directoryId: string, values: readonly unknown[]): Promise<Row[]> {
  return functions.call<Row>(name, [directoryId, SECRET_ID, 1, ...values]);
}

/** The one row of a function that must have done what it was asked for: a wrong answer has no speed. */
async function succeed(name: string, directoryId: string, values: readonly unknown[]): Promise<Row> {
  const [row] = await call(name, directoryId, values);
  if (row?.['outcome'] !== 'ok') throw new Error(`${name}: ${String(row?.['outcome'] ?? row?.['state'])}`);
  return row;
}

function columnsOf(user: OktaUser): unknown[] {
  return [
    user.userName.toLowerCase(),
    user.externalId,
    user.displayName.toLowerCase(),
    user.active,
    user.emails.map(({ value }) => value.toLowerCase()),
  ];
}

function withId(id: string, resource: string): string {
  return `{"id":"${id}",${resource.slice(1)}`;
}

async function createUser({ directoryId, body }: Asked): Promise<Answer> {
  const user = body as OktaUser;
  const id = newId();
  const resource = JSON.stringify(user);
  await succeed('scim_add_user', directoryId, [null, id, resource, ...columnsOf(user)]);
  return { status: 201, text: withId(id, resource) };
}

async function findUser({ directoryId, query }: Asked): Promise<Answer> {
  const key = query['filter']?.split('"')[1]?.toLowerCase();
  const rows = await call('scim_find_users', directoryId, ['userName', key, 0, 100]);
  return { status: 200, text: `{"totalResults":${rows.length},"Resources":[${renderAll(rows)}]}` };
}

/** By `startIndex` or behind `cursor`, which is the id of the last user of the page before. */
async function listUsers({ directoryId, query }: Asked): Promise<Answer> {
  const offset = Number(query['startIndex'] ?? 1) - 1;
  const count = Number(query['count']);
  const place = [query['cursor'] ?? '', offset, count, true, PAGE_BYTES];
  const rows = await call('scim_page_users', directoryId, place);
  // One row without a user where there is none to show.
  const users = rows.filter(({ id }) => id !== null);
  const next = users.length === count ? `"nextCursor":"${String(users.at(-1)?.['id'])}",` : '';
  return {
    status: 200,
    text: `{"totalResults":${String(rows[0]?.['total'])},${next}"Resources":[${renderAll(users)}]}`,
  };
}

function renderAll(rows: readonly Row[]): string {
  return rows.map((row) => withId(String(row['id']), String(row['resource']))).join(',');
}

async function readUser({ directoryId, id }: Asked): Promise<Answer> {
  const row = await succeed('scim_load_user', directoryId, [id]);
  return { status: 200, text: withId(id, String(row['resource'])) };
}

async function replaceUser({ directoryId, id, body }: Asked): Promise<Answer> {
  const { version } = await succeed('scim_load_user', directoryId, [id]);
  return changeUser(directoryId, id, version, body as OktaUser);
}

/** Of operations without a path: each has the attributes that it sets. */
async function patchUser({ directoryId, id, body }: Asked): Promise<Answer> {
  const { version, resource } = await succeed('scim_load_user', directoryId, [id]);
  const user = JSON.parse(String(resource)) as OktaUser;
  for (const { value } of (body as Patch<Partial<OktaUser>>).Operations) Object.assign(user, value);
  return changeUser(directoryId, id, version, user);
}

async function changeUser(directoryId: string, id: string, version: unknown, user: OktaUser): Promise<Answer> {
  const resource = JSON.stringify(user);
  await succeed('scim_change_user', directoryId, [null, id, version, resource, ...columnsOf(user)]);
  return { status: 200, text: withId(id, resource) };
}

async function createGroup({ directoryId, body }: Asked): Promise<Answer> {
  const group = body as OktaGroup;
  const id = newId();
  const resource = JSON.stringify({ displayName: group.displayName });
  const key = group.displayName.toLowerCase();
  await succeed('scim_add_group', directoryId, [null, id, resource, key, null, [], false]);
  return { status: 201, text: withId(id, resource) };
}

async function readGroup({ directoryId, id, query }: Asked): Promise<Answer> {
  const withMembers = query['excludedAttributes'] !== 'members';
  const { resource, members } = await succeed('scim_get_group', directoryId, [id, withMembers]);
  const references = typeof members === 'string' ? `"members":${members},` : '';
  return { status: 200, text: `{"id":"${id}",${references}${String(resource).slice(1)}` };
}

/** Members that come, named by `value`, or one that leaves, named in the path. */
async function patchGroup({ directoryId, id, body }: Asked): Promise<Answer> {
  const steps = (body as Patch<{ value: string }[]>).Operations.map(({ op, path, value }) => ({
    kind: op,
    values: op === 'remove' ? [path?.split('"')[1]] : value.map((member) => member.value),
  }));
  await succeed('scim_change_group', directoryId, [null, id, null, null, null, null, JSON.stringify(steps)]);
  return { status: 204, text: '' };
}
