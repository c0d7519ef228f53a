import { timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '@rollcall/platform';
import { APP_ROLE, createPool } from '@rollcall/database';
import { createCallGatherer, GATHERING_POOL } from '@rollcall/scim-store';

/**
 * What the machine allows: Fastify, the token compared, the body parsed, and Rollcall's SQL functions over the same tables,
 * indexes and policies, gathered into as few statements. Nothing is validated, normalized, rendered, counted or logged.
 */
const { DATABASE_URL = '', TOKEN = '', SECRET_ID = '' } = process.env;
const expected = Buffer.from(`Bearer ${TOKEN}`);
const database = { url: DATABASE_URL, role: APP_ROLE, onError: () => process.exit(1) };
const alone = createPool({ ...database, poolSize: 12 });
const functions = createCallGatherer({ gathering: createPool({ ...database, ...GATHERING_POOL }), alone: () => alone });

interface OktaUser {
  userName: string;
  displayName: string;
  externalId: string;
  active: boolean;
  emails: { value: string }[];
}

type DirectoryRequest = FastifyRequest<{ Params: { key: string; id: string }; Querystring: { filter?: string } }>;

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
server.route({ method: 'POST', url: '/:key/Users', handler: createUser });
server.route({ method: 'GET', url: '/:key/Users', handler: findUser });
server.route({ method: 'GET', url: '/:key/Users/:id', handler: readUser });
await server.listen({ host: '127.0.0.1', port: 0 });
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'ready', port: (server.server.address() as AddressInfo).port });

async function createUser(request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const body = request.body as OktaUser;
  const id = newId();
  const resource = JSON.stringify(body);
  await functions.call('scim_add_user', [
    (request as DirectoryRequest).params.key,
    SECRET_ID,
    1,
    null,
    id,
    resource,
    body.userName.toLowerCase(),
    body.externalId,
    body.displayName.toLowerCase(),
    body.active,
    body.emails.map(({ value }) => value.toLowerCase()),
  ]);
  reply.code(201).type('application/scim+json');
  return `{"id":"${id}",${resource.slice(1)}`;
}

async function findUser(request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { params, query } = request as DirectoryRequest;
  const key = query.filter?.split('"')[1]?.toLowerCase();
  const rows = await functions.call('scim_find_users', [params.key, SECRET_ID, 1, 'userName', key, 0, 100]);
  reply.type('application/scim+json');
  return `{"totalResults":${rows.length},"Resources":[${rows.map((row) => String(row['resource'])).join(',')}]}`;
}

async function readUser(request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { params } = request as DirectoryRequest;
  const [row] = await functions.call('scim_load_user', [params.key, SECRET_ID, 1, params.id]);
  reply.type('application/scim+json');
  return String(row?.['resource']);
}
