import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '../../../../libs/testing/src/start-redis';
import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import { driveLoad } from '../load/drive-load';
import { reserveUsers } from '../scim/reserve-users';
import type { Directory } from '../systems/scim-system';
import { startRollcall } from '../systems/start-rollcall';
import type { ApiCredentials } from '../systems/rollcall-database';
import type { RollcallSystem } from '../systems/start-rollcall';
import type { World } from '../systems/start-world';
import { receiveWebhooks } from './receive-webhooks';
import type { WebhookReceiver } from './receive-webhooks';

export const QUEUES = ['PostgreSQL', 'Redis'] as const;
export type QueueName = (typeof QUEUES)[number];

/** Ingress, worker and an app that receives webhooks, with one directory. */
export interface DeliveringSystem {
  rollcall: RollcallSystem;
  receiver: WebhookReceiver;
  directory: Directory;
  /** The snapshot of the directory, as it streams. */
  snapshot(): Promise<AsyncIterable<Uint8Array>>;
  /** The management API; throws when it does not answer 2xx. */
  api<Answer>(method: string, path: string, body?: object): Promise<Answer>;
  /** Makes webhook endpoints at the receiver, numbered from 0; their ids. */
  createEndpoints(count: number, settings?: object): Promise<string[]>;
  /** Creates users over SCIM; resolves when their changes have become events. */
  publishUsers(count: number): Promise<void>;
  /** Resolves when every change has become events. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

const DRAIN_TIMEOUT_MS = 300_000;

interface DeliveringOptions {
  worker?: boolean;
  /** Variables in place of what benchmarks are started with. */
  env?: NodeJS.ProcessEnv;
}

/** Starts them with BullMQ on the given queue; null when this machine has no redis-server. */
export async function startDelivering(
  world: World,
  { queue, worker = true, env = {} }: { queue: QueueName } & DeliveringOptions,
): Promise<DeliveringSystem | null> {
  const redis = queue === 'Redis' ? await startRedis() : undefined;
  if (redis === null) return null;
  if (redis) world.atClose(() => redis.stop());
  const receiver = await receiveWebhooks();
  const rollcall = await startRollcall(world.database, {
    name: `rollcall delivering ${(started += 1)}`,
    worker,
    env: redis ? { ...env, REDIS_URL: redis.url } : env,
  });
  const directory = await rollcall.createDirectory();
  const send = await openApi(rollcall.baseUrl, rollcall.database.credentials);
  const api = readAnswers(send);
  const drained = async (): Promise<void> => {
    for (const deadline = performance.now() + DRAIN_TIMEOUT_MS; ; await sleep(20)) {
      const { rowCount } = await rollcall.database.admin.query('SELECT 1 FROM changes LIMIT 1');
      if (rowCount === 0) return;
      if (performance.now() > deadline) throw new Error('changes have been waiting for the worker for five minutes');
    }
  };
  return {
    rollcall,
    receiver,
    directory,
    snapshot: () => openSnapshot(rollcall, directory, send),
    api,
    createEndpoints: (count, settings = {}) => createEndpoints(api, receiver, count, settings),
    publishUsers: async (count) => {
      await createUsers(directory, count);
      await drained();
    },
    drained,
    stop: async () => {
      receiver.setSilent(null);
      await rollcall.stop();
      await Promise.all([receiver.stop(), redis?.stop()]);
    },
  };
}

/** Starts them with BullMQ on PostgreSQL, which is always to be had. */
export async function startDeliveringOnPostgres(
  world: World,
  options: DeliveringOptions = {},
): Promise<DeliveringSystem> {
  const system = await startDelivering(world, { queue: 'PostgreSQL', ...options });
  if (!system) throw new Error('a queue on PostgreSQL is always to be had');
  return system;
}

let started = 0;

type Api = DeliveringSystem['api'];

/** Makes webhook endpoints at a receiver, numbered from 0; their ids. */
export async function createEndpoints(
  api: Api,
  receiver: WebhookReceiver,
  count: number,
  settings: object,
): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number++) {
    const body = { url: receiver.url(number), ...settings };
    const { webhook_endpoint } = await api<{ webhook_endpoint: { id: string } }>('POST', '/webhook_endpoints', body);
    ids.push(webhook_endpoint.id);
  }
  return ids;
}

async function openSnapshot({ database }: RollcallSystem, { directoryId }: Directory, send: Send) {
  const { rows } = await database.admin.query<{ organization_id: string }>(
    'SELECT organization_id FROM directory_counters WHERE directory_id = $1',
    [directoryId],
  );
  const { body } = await send(
    'GET',
    `/organizations/org_${rows[0]?.organization_id}/directories/dir_${directoryId}/snapshot`,
  );
  if (!body) throw new Error('a snapshot has a body');
  return body;
}

/** Creates users over SCIM, sixteen at a time. */
export async function createUsers(directory: Directory, count: number): Promise<void> {
  let n = reserveUsers(count);
  const end = n + count;
  await driveLoad({
    target: directory,
    inFlight: 16,
    next: () => (n < end ? { method: 'POST', path: '/Users', body: buildOktaUser(n++), expect: 201 } : undefined),
  });
}

type Send = (method: string, path: string, body?: object) => Promise<Response>;

/** The management API for an environment's credentials. */
export async function signIn(baseUrl: string, credentials: ApiCredentials): Promise<Api> {
  return readAnswers(await openApi(baseUrl, credentials));
}

function readAnswers(send: Send): Api {
  return async <Answer>(method: string, path: string, body?: object) => {
    const text = await (await send(method, path, body)).text();
    return (text === '' ? {} : JSON.parse(text)) as Answer;
  };
}

async function openApi(baseUrl: string, { client_id, client_secret }: ApiCredentials): Promise<Send> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const answer = await fetch(`${baseUrl}/oauth/token`, { method: 'POST', body });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return async (method, path, content) => {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(content && { body: JSON.stringify(content) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
    return response;
  };
}
