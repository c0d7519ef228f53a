import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@rollcall/embedded-postgres';
import { Redis } from 'ioredis';
import { waitUntil } from './wait-until';

/** Several Redis servers that stand in for each other. */
export interface TestRedisGroup {
  /** As `REDIS_URL` has it. */
  readonly url: string;
  /** SIGKILL to one that takes writes and has a replica; resolves when that takes them instead. */
  killPrimary(): Promise<void>;
  /** Starts again what was killed, which becomes the replica of the other. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

const NAME = 'queue';
/** How long a server does not answer before the others take it for gone. */
const GONE_MS = 1_000;
const SLOTS = 16_384;

/** Starts a primary with a replica, and three Sentinels that watch them. */
export async function startRedisSentinel(): Promise<TestRedisGroup> {
  const group = await openGroup();
  const [first, second] = [await group.start(), await group.start()];
  await second.call('REPLICAOF', '127.0.0.1', first.port);
  await waitUntil(() => second.isInStep(), { what: 'the replica being in step' });
  const lines = [
    `sentinel monitor ${NAME} 127.0.0.1 ${first.port} 2`,
    `sentinel down-after-milliseconds ${NAME} ${GONE_MS}`,
    `sentinel failover-timeout ${NAME} 2000`,
  ];
  const sentinel = await group.start(lines);
  const sentinels = [sentinel, await group.start(lines), await group.start(lines)];
  for (const { call } of sentinels) {
    const knowsAll = async () => {
      const state = toRecord(await call('SENTINEL', 'MASTER', NAME));
      return state['num-other-sentinels'] === '2' && state['num-slaves'] === '1';
    };
    await waitUntil(knowsAll, { what: 'the Sentinels knowing each other' });
  }
  let [primary, other] = [first, second];
  return {
    url: `redis-sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    killPrimary: async () => {
      await primary.kill9();
      const isTold = async () =>
        ((await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)) as string[])[1] === `${other.port}`;
      await waitUntil(isTold, { what: 'the Sentinels naming the replica' });
      [primary, other] = [other, primary];
    },
    revive: () => other.restart(),
    stop: group.stop,
  };
}

/** Starts a Cluster of three primaries, of which one has a replica. */
export async function startRedisCluster(): Promise<TestRedisGroup> {
  const group = await openGroup();
  const start = async () =>
    group.start([`cluster-enabled yes`, `cluster-node-timeout ${GONE_MS}`, `cluster-port ${await findFreePort()}`]);
  const nodes = [await start(), await start(), await start(), await start()];
  const [first, second, third, replica] = nodes as [RedisServer, RedisServer, RedisServer, RedisServer];
  const share = Math.ceil(SLOTS / 3);
  for (const [index, node] of [first, second, third].entries()) {
    const [from, to] = [index * share, Math.min((index + 1) * share, SLOTS) - 1];
    await node.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
    await node.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  for (const node of [second, third, replica]) {
    await first.call('CLUSTER', 'MEET', '127.0.0.1', node.port, node.clusterPort);
  }
  const knowsAll = async (node: RedisServer) => {
    const state = String(await node.call('CLUSTER', 'INFO'));
    return state.includes('cluster_state:ok') && state.includes(`cluster_known_nodes:${nodes.length}`);
  };
  for (const node of nodes)
    await waitUntil(() => knowsAll(node), { what: 'the nodes of the Cluster knowing each other' });
  await replica.call('CLUSTER', 'REPLICATE', String(await first.call('CLUSTER', 'MYID')));
  await waitUntil(() => replica.isInStep(), { what: 'the replica being in step' });
  let [primary, other] = [first, replica];
  return {
    url: `redis-cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    killPrimary: async () => {
      await primary.kill9();
      const isPromoted = async () =>
        String(await other.call('INFO', 'replication')).includes('role:master') && (await knowsAll(other));
      await waitUntil(isPromoted, { what: 'the replica taking over' });
      [primary, other] = [other, primary];
    },
    revive: () => other.restart(),
    stop: group.stop,
  };
}

interface RedisServer {
  readonly port: number;
  readonly clusterPort: number;
  readonly call: (command: string, ...args: (string | number)[]) => Promise<unknown>;
  /** Whether it is a replica that has all that its primary has. */
  isInStep(): Promise<boolean>;
  kill9(): Promise<void>;
  restart(): Promise<void>;
}

/** Servers whose files are in one folder. */
async function openGroup() {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-redis-group-'));
  const servers: { end: (signal: NodeJS.Signals) => Promise<void>; client: Redis }[] = [];
  return {
    start: async (lines: readonly string[] = []): Promise<RedisServer> => {
      const port = await findFreePort();
      const file = join(folder, `${port}.conf`);
      const isSentinel = lines.some((line) => line.startsWith('sentinel '));
      const shared = [
        `port ${port}`,
        'bind 127.0.0.1',
        `dir ${folder}`,
        ...(isSentinel ? [] : ['save ""', 'repl-diskless-sync-delay 0']),
      ];
      const named = lines.map((line) =>
        line === 'cluster-enabled yes' ? `${line}\ncluster-config-file ${port}.nodes` : line,
      );
      await writeFile(file, [...shared, ...named, ''].join('\n'));
      let server: ChildProcess;
      const launch = () =>
        (server = spawn('redis-server', isSentinel ? [file, '--sentinel'] : [file], { stdio: 'ignore' }));
      launch();
      const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 100, maxRetriesPerRequest: null });
      client.on('error', () => undefined);
      await client.ping();
      const end = async (signal: NodeJS.Signals) => {
        if (server.exitCode !== null || server.signalCode !== null) return;
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill(signal);
        await ended;
      };
      servers.push({ end, client });
      return {
        port,
        clusterPort: Number(/^cluster-port (\d+)$/m.exec(named.join('\n'))?.[1] ?? 0),
        call: (command, ...args) => client.call(command, ...args),
        isInStep: async () => (await client.info('replication')).includes('master_link_status:up'),
        kill9: () => end('SIGKILL'),
        restart: async () => {
          launch();
          await client.ping();
        },
      };
    },
    stop: async () => {
      for (const { client } of servers) client.disconnect();
      await Promise.all(servers.map(({ end }) => end('SIGKILL')));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An answer of names and values in turn. */
function toRecord(answer: unknown): Record<string, string> {
  const parts = answer as string[];
  return Object.fromEntries(parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? '']] : [])));
}
