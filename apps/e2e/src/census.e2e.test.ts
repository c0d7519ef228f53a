import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import type { EmbeddedPostgres } from '@rollcall/embedded-postgres';
import { TABLE_CLASSES } from '@rollcall/database';
import { newSecretKey, startReceiver, startRollcall, waitUntil } from '@rollcall/testing';
import type { Receiver, RunningRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDirectory } from './support/create-directory';
import type { ReadyDirectory } from './support/create-directory';
import { explainAll, readScans } from './support/read-scans';
import { replayTenants } from './support/replay-tenants';

/**
 * The statements that look into rows of several directories, each by the SQL function that it is in, or else by how it begins. Every
 * other names the directory, so that it costs no more where there are more directories, and would find its rows if they were kept
 * apart. These lists may only become shorter.
 */
const ACROSS_DIRECTORIES: Readonly<Record<string, readonly string[]>> = {
  'an endpoint is sent the events of all directories of an environment, in one line and at one pace': [
    'SELECT e.url, e.enabled',
    'add_deliveries',
    'claim_deliveries',
    'endpoint_gates',
    'exchange_deliveries',
    'find_due_by_resource',
    'find_due_heads',
    'find_due_in_turns',
    'find_due_of_replays',
    'find_due_tests',
    'find_next_due_ms',
    'is_window_full',
    'record_attempts',
    'trim_ahead',
  ],
  'and its owner is told of all that it is sent': [
    'SELECT count(*) AS count FROM deliveries d WHERE d.environment_id = $1 AND d.endpoint_id = $2',
    'SELECT count(*) AS total FROM deliveries d WHERE d.environment_id = $1 AND d.endpoint_id = $2',
    'SELECT count(*)::int AS pending FROM ( SELECT 1 FROM deliveries d WHERE d.environment_id = $1',
    'SELECT d.id, d.directory_id, d.endpoint_id',
  ],
  'the feed is of all directories of an environment, in the order of their transactions': [
    'SELECT * FROM ( SELECT e.directory_id, e.id AS event_id',
    'SELECT count(*) AS total FROM events e WHERE e.environment_id = $1 AND e.transaction_id <',
    'SELECT e.id, e.directory_id, e.sequence, e.transaction_id',
    'find_newest_transaction',
  ],
  'an event is looked up, and the latest are, by who does not say of which directory': [
    'SELECT e.body AS value FROM events e WHERE e.environment_id = $1 AND e.id = $2',
    'SELECT e.directory_id AS value FROM events e WHERE e.environment_id = $1 AND e.id = $2',
    'SELECT e.id, e.type, e.organization_id',
  ],
  'a page of directories is told of together': ['SELECT directory_id, t.total_users'],
  'the worker looks for what is to be done, for whomever': [
    'clear_old_answers',
    'find_endpoints_to_replay',
    'find_endpoints_with_due_deliveries',
    'find_expiring_secrets',
    'find_search_term_checks',
    'find_tenants_with_changes',
  ],
};

const TRAFFIC = fileURLToPath(new URL('../traffic', import.meta.url));

let dataDir: string;
let postgres: EmbeddedPostgres;
let server: RunningRollcall;
let receiver: Receiver;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'rollcall-census-'));
  chmodSync(dataDir, 0o711);
  const settings = { fsync: 'off', synchronous_commit: 'off', autovacuum: 'off' };
  [postgres, receiver] = await Promise.all([startEmbeddedPostgres({ dataDir, settings }), startReceiver()]);
  await explainAll(postgres.adminUrl);
  server = await startRollcall({
    env: {
      DATABASE_URL: postgres.appUrl,
      DATABASE_OWNER_URL: postgres.ownerUrl,
      SECRET_KEY: newSecretKey(),
      WEBHOOK_RETRY_SCHEDULE: '0.2,0.2,0.2',
    },
  });
});

afterAll(async () => {
  await Promise.all([server?.stop(), receiver?.stop()]);
  await postgres?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Replays what an identity provider sends, to two directories. */
async function replayTraffic(file: string, directories: readonly [ReadyDirectory, ReadyDirectory]): Promise<void> {
  const tenants = replayTenants(directories);
  // Whether each is answered well is another suite's.
  await promisify(execFile)(process.execPath, [join(TRAFFIC, 'replay.mjs'), ...tenants, join(TRAFFIC, file)]).catch(
    () => undefined,
  );
}

/** Reads whatever the management API gives to read of a directory, and of all of them. */
async function readAll({ api }: ReadyDirectory, known: Readonly<Record<string, string>>): Promise<void> {
  const document = (await (await fetch(`${server.baseUrl}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, object>>;
  };
  for (const [path, operations] of Object.entries(document.paths)) {
    if (!('get' in operations) || !path.startsWith('/api/v1/')) continue;
    const filled = path.slice('/api/v1'.length).replaceAll(/\{(\w+)\}/g, (_, name: string) => known[name] ?? name);
    // What is not there is looked for as well.
    for (const query of ['', '?name=jane', '?page_size=1&state=failed'])
      await api('GET', filled + query).catch(() => null);
  }
}

/** Reads what the portal shows an organization's admin. */
async function readPortal(location: string, directoryId: string): Promise<void> {
  const portal = `${server.baseUrl}/portal/api`;
  const opened = await fetch(`${portal}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link_token: location.split('#')[1] }),
  });
  expect(opened.status).toBe(200);
  const headers = {
    cookie: opened.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; '),
  };
  const below = [
    '',
    '/users',
    '/users.csv',
    '/groups',
    '/held_users',
    '/mapping',
    '/requests',
    '/users:find?name=jane',
  ];
  for (const path of below) await fetch(`${portal}/directories/${directoryId}${path}`, { headers });
  await fetch(`${portal}/directories`, { headers });
}

it('every statement finds the rows of a directory by its key, but those that are known to look into several', async () => {
  const [directory, other] = [await createDirectory(server), await createDirectory(server)];
  const { api, organizationId: organization_id, directoryId: directory_id } = directory;
  const path = `/organizations/${organization_id}/directories/${directory_id}`;
  const { webhook_endpoint: endpoint } = await api<{ webhook_endpoint: { id: string } }>('POST', '/webhook_endpoints', {
    url: receiver.url,
  });
  for (const ordering of ['fifo', 'resource']) {
    await api('POST', '/webhook_endpoints', { url: receiver.url, ordering });
  }
  receiver.answerOnce({ status: 500 }, { status: 500 });
  await replayTraffic('okta-oin.json', [directory, other]);
  await replayTraffic('entra-default.json', [directory, other]);
  const { events } = await api<{ events: { id: string; data: { id: string } }[] }>('GET', '/events?page_size=100');
  const user_id = events.findLast(({ data }) => data.id.startsWith('diruser_'))?.data.id ?? '';
  const { replay } = await api<{ replay: { id: string } }>('POST', `/webhook_endpoints/${endpoint.id}:replay`, {});
  await waitUntil(
    async () =>
      (await api<{ replay: { state: string } }>('GET', `/webhook_endpoints/${endpoint.id}/replays/${replay.id}`)).replay
        .state !== 'running',
  );
  const ids = {
    organization_id,
    directory_id,
    endpoint_id: endpoint.id,
    replay_id: replay.id,
    event_id: events.at(-1)?.id ?? '',
    user_id,
  };
  await readAll(directory, ids);
  const { link } = await api<{ link: { location: string } }>(
    'PUT',
    `/organizations/${organization_id}/portal_links?features=dir_sync`,
  );
  await readPortal(link.location, directory_id);
  await api('POST', `${path}/users/${user_id}:erase`);
  await api('DELETE', path);
  const tables: readonly string[] = TABLE_CLASSES.directory.tables;
  const { scans: all, functions } = await readScans(join(dataDir, 'postgres.log'), postgres.ownerUrl);
  const scans = all.filter(({ table }) => tables.includes(table));
  expect(new Set(scans.map(({ table }) => table)).size).toBeGreaterThan(tables.length / 2);
  const known = Object.values(ACROSS_DIRECTORIES).flat();
  const across = scans.filter(
    ({ conditions }) => !conditions.some((condition) => /^\W*directory_id = /.test(condition)),
  );
  expect(across.filter(({ statement }) => !known.some((beginning) => statement.startsWith(beginning)))).toEqual([]);
  // Which way the worker goes depends on what comes when; a function that is gone is not called.
  const isCalled = (beginning: string) =>
    functions.includes(beginning) || across.some(({ statement }) => statement.startsWith(beginning));
  expect(known.filter((beginning) => !isCalled(beginning))).toEqual([]);
});
