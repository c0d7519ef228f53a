import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { Pool } from 'pg';
import { readText, serveProgram } from './serve-program.js';

/** `@boxyhq/saml-jackson` under a bare node:http server; its events are dropped. */
const require = createRequire(import.meta.url);
const { controllers } = require('@boxyhq/saml-jackson');
const { key, keyDigest, keyForIndex, keyFromParts } = require('@boxyhq/saml-jackson/dist/db/utils.js');

const PREFIX = '/api/scim/v2.0/';
const PRODUCT = 'bench';
const url = process.env.DATABASE_URL;
const { directorySyncController } = await controllers({
  externalUrl: 'http://127.0.0.1',
  samlPath: '/api/oauth/saml',
  scimPath: '/api/scim/v2.0',
  // A page of 100 as the other systems serve it; the connection pool as large as theirs.
  db: { engine: 'sql', type: 'postgres', url: `${url}?pool_max_conns=12`, pageLimit: 100 },
  logger: { info: () => undefined, warn: console.warn, error: console.error },
});
const pool = new Pool({ connectionString: url, max: 1 });

serveProgram(handle, { createDirectory, seedUsers, seedGroup });

async function handle(request, response) {
  const [path, search] = request.url.split('?');
  const [directoryId, resourceType, resourceId] = path.slice(PREFIX.length).split('/');
  const query = new URLSearchParams(search);
  const text = await readText(request);
  const { status, data } = await directorySyncController.requests.handle(
    {
      method: request.method,
      body: text === '' ? undefined : JSON.parse(text),
      directoryId,
      resourceType,
      resourceId,
      apiSecret: request.headers.authorization?.slice('Bearer '.length),
      query: {
        count: query.has('count') ? Number(query.get('count')) : undefined,
        startIndex: query.has('startIndex') ? Number(query.get('startIndex')) : undefined,
        filter: query.get('filter') ?? undefined,
      },
    },
    async () => undefined,
  );
  const body = Buffer.from(data === undefined ? '' : JSON.stringify(data));
  response.writeHead(status, { 'content-type': 'application/scim+json', 'content-length': body.length }).end(body);
}

async function createDirectory() {
  const { data, error } = await directorySyncController.directories.create({
    name: 'Bench',
    tenant: randomUUID(),
    product: PRODUCT,
    type: 'okta-scim-v2',
  });
  if (error) throw new Error(error.message);
  return { basePath: `${PREFIX}${data.id}`, token: data.scim.secret, directoryId: data.id, tenant: data.tenant };
}

/** Writes users as `users.create` would, many at a time; returns their ids. */
async function seedUsers({ directoryId, tenant, bodies }) {
  const rows = bodies.map(({ password: _password, ...body }) => {
    const id = randomUUID();
    const email = body.emails[0].value;
    const user = {
      first_name: body.name.givenName,
      last_name: body.name.familyName,
      email,
      active: true,
      id,
      directoryId,
      raw: { ...body, id },
    };
    const index = { name: 'directoryIdUsername', value: keyFromParts(directoryId, body.userName) };
    return { id, value: user, indexes: [index, { name: 'directoryId', value: directoryId }] };
  });
  await insertRows(`dsync:users:${tenant}:${PRODUCT}`, rows);
  return rows.map(({ id }) => id);
}

/** Writes a group with members as `groups.create` and `addUserToGroup` would; returns its id. */
async function seedGroup({ directoryId, tenant, displayName, memberIds }) {
  const id = randomUUID();
  const raw = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName, members: [], id };
  const index = { name: 'directoryIdDisplayname', value: keyFromParts(directoryId, displayName) };
  await insertRows(`dsync:groups:${tenant}:${PRODUCT}`, [
    { id, value: { id, name: displayName, raw }, indexes: [index, { name: 'directoryId', value: directoryId }] },
  ]);
  for (let start = 0; start < memberIds.length; start += 5_000) {
    const members = memberIds.slice(start, start + 5_000).map((userId) => {
      const memberId = keyDigest(keyFromParts(id, userId));
      const value = { id: memberId, group_id: id, user_id: userId };
      return { id: memberId, value, indexes: [{ name: 'groupId', value: id }] };
    });
    await insertRows(`dsync:members:${tenant}:${PRODUCT}`, members);
  }
  return id;
}

async function insertRows(namespace, rows) {
  const stored = rows.map(({ id, value, indexes }) => ({
    key: key(namespace, keyDigest(id)),
    value: JSON.stringify(value),
    indexes: indexes.map(({ name, value: text }) => keyForIndex(namespace, { name, value: keyDigest(text) })),
  }));
  await pool.query(
    `INSERT INTO jackson_store (key, value, "modifiedAt", namespace)
     SELECT k, v, now(), $3 FROM unnest($1::text[], $2::text[]) AS r (k, v)`,
    [stored.map((row) => row.key), stored.map((row) => row.value), namespace],
  );
  const entries = stored.flatMap((row) => row.indexes.map((index) => [index, row.key]));
  await pool.query(
    `INSERT INTO jackson_index (key, "storeKey") SELECT k, s FROM unnest($1::text[], $2::text[]) AS r (k, s)`,
    [entries.map(([index]) => index), entries.map(([, storeKey]) => storeKey)],
  );
}
