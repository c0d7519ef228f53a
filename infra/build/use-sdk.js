// What try-sdk.js runs in each runtime, in a project that has the packed SDK and nothing else: everything that a runtime could do otherwise
// than Node.js does. Prints one line of JSON.
import {
  applyEvent,
  createMemoryStore,
  createRollcallClient,
  NotFoundError,
  verifyWebhook,
  WebhookVerificationError,
} from '@rollcall/sdk';
import { createDrizzleStore } from '@rollcall/sdk/drizzle';
import { createPgStore } from '@rollcall/sdk/pg';
import { createPrismaStore } from '@rollcall/sdk/prisma';
import { createSqliteStore } from '@rollcall/sdk/sqlite';
import { signTestWebhook, TEST_SECRET, TestDirectory } from '@rollcall/sdk/testing';

const done = [];

const directory = new TestDirectory({ directoryId: 'dir_1' });
const ann = directory.createUser({ email: 'ann@acme.example', name: 'Änn' });
directory.addMember(directory.createGroup({ display_name: 'Engineering' }).id, ann.id);

for (const event of directory.events) {
  const { id } = await verifyWebhook({ secret: TEST_SECRET, ...(await signTestWebhook(event)) });
  if (id !== event.id) throw new Error('another event than was signed');
}
const { headers } = await signTestWebhook(directory.events[0]);
await verifyWebhook({ secret: TEST_SECRET, headers, body: '{}' }).then(
  () => {
    throw new Error('a changed body was taken');
  },
  (error) => {
    if (!(error instanceof WebhookVerificationError)) throw error;
  },
);
done.push('webhooks');

// The server breaks the connection of the first create, and knows no organization but the one made.
const client = createRollcallClient({ baseUrl: process.env.ROLLCALL_URL, clientId: 'a', clientSecret: 'b' });
const { id } = await client.organizations.create({ display_name: 'Acme' });
const listed = [];
for await (const organization of client.organizations.list()) listed.push(organization.id);
if (listed.join() !== `${id},org_2`) throw new Error(`other organizations than were made: ${listed.join()}`);
await client.organizations.get('org_x').catch((error) => {
  if (!(error instanceof NotFoundError)) throw error;
});
done.push('client');

const sqlite = await openSqlite();
const stores = [createMemoryStore(), ...(sqlite ? [createSqliteStore(sqlite)] : [])];
for (const store of stores) {
  await store.createTables?.();
  await store.replaceAll('dir_1', { position: { epoch: 1, sequence: 0 }, objects: nothing() });
  for (const event of directory.events.toReversed()) await applyEvent({ event, store });
  for (const event of directory.events) await applyEvent({ event, store });
  const position = await store.readPosition('dir_1');
  if (position?.sequence !== directory.events.length) throw new Error('the store is behind');
}
const rows = sqlite?.prepare("SELECT data FROM rollcall_objects WHERE type = 'user'").all() ?? [];
for (const { data } of rows) if (JSON.parse(data).name !== 'Änn') throw new Error('another user than was written');
done.push('stores', ...(sqlite ? ['sqlite'] : []));

// Their databases are not here; that the modules load is.
for (const create of [createPgStore, createDrizzleStore, createPrismaStore]) {
  if (typeof create !== 'function') throw new Error('a module is missing');
}
process.stdout.write(`${JSON.stringify(done)}\n`);

async function* nothing() {}

/** The runtime's own SQLite, if it has one. */
async function openSqlite() {
  // The names stand in variables, so that a runtime without the module can still load this file.
  const [ofBun, ofNode] = ['bun:sqlite', 'node:sqlite'];
  if (process.versions.bun) return new (await import(ofBun)).Database(':memory:');
  return import(ofNode).then(
    ({ DatabaseSync }) => new DatabaseSync(':memory:'),
    () => null,
  );
}
