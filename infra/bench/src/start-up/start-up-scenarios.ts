import { setTimeout as sleep } from 'node:timers/promises';
import { sendOne } from '../load/drive-load';
import { readMemoryMiB } from '../load/read-usage';
import type { Contender, Scenario } from '../scenario';
import { createRollcallDatabase } from '../systems/rollcall-database';
import type { RollcallDatabase } from '../systems/rollcall-database';
import { startProgram } from '../systems/start-program';
import type { Program } from '../systems/start-program';
import { INGRESS, variablesFor, WORKER } from '../systems/start-rollcall';

const IDLE_SECONDS = 5;

/** How soon a process that is started serves, and what it holds when nothing is asked of it. */
export const startUpScenarios: readonly Scenario[] = [
  {
    name: `start-up, and memory ${IDLE_SECONDS} s after it`,
    quick: true,
    prepare: async (world) => {
      const database = await createRollcallDatabase(await world.database.create('rollcall starting'));
      const [directoryId = ''] = await database.createDirectories(1);
      let reading: ReturnType<typeof readIdleMemory> | undefined;
      const memory = () => (reading ??= readIdleMemory(database, directoryId));
      return {
        contenders: [
          startAndStop('ingress, to its first authorized answer', () => startIngress(database, directoryId)),
          startAndStop('worker, to its readiness', () => startWorker(database)),
          idle('ingress, idle', async () => (await memory()).ingress),
          idle('worker, idle', async () => (await memory()).worker),
        ],
        close: () => database.close(),
      };
    },
  },
];

/** Resolves when it has answered the request that Okta tests a connection with, whose token it had never seen. */
async function startIngress(database: RollcallDatabase, directoryId: string): Promise<Program> {
  const program = await startProgram(INGRESS, { env: variablesFor(database) });
  const target = { port: program.port, basePath: `/scim/${directoryId}/v2`, token: database.token };
  await sendOne(target, { method: 'GET', path: '/Users?startIndex=1&count=2' });
  return program;
}

function startWorker(database: RollcallDatabase): Promise<Program> {
  return startProgram(WORKER, { env: variablesFor(database) });
}

function startAndStop(name: string, start: () => Promise<Program>): Contender {
  return {
    name,
    run: async () => {
      const spawned = performance.now();
      const program = await start();
      const p50 = performance.now() - spawned;
      await program.stop();
      return { p50 };
    },
  };
}

/** Every round looks at the same processes: waiting for others would tell nothing new. */
function idle(name: string, readMemory: () => Promise<number | undefined>): Contender {
  return {
    name,
    run: async () => {
      const memoryMiB = await readMemory();
      return memoryMiB === undefined ? {} : { memoryMiB };
    },
  };
}

/** Starts both and leaves them alone for a while. */
async function readIdleMemory(database: RollcallDatabase, directoryId: string) {
  const programs = [await startIngress(database, directoryId), await startWorker(database)];
  await sleep(IDLE_SECONDS * 1_000);
  const [ingress, worker] = programs.map(({ pid }) => readMemoryMiB([pid]));
  await Promise.all(programs.map((program) => program.stop()));
  return { ingress, worker };
}
