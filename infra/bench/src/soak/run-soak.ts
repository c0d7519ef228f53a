import { setTimeout as sleep } from 'node:timers/promises';
import { startDeliveringOnPostgres } from '../delivery/delivering-system';
import type { DeliveringSystem } from '../delivery/delivering-system';
import { driveAtRate } from '../load/drive-at-rate';
import { measureWork, summarize } from '../load/measure-load';
import { listProcessTree, readMemoryMiB, readSharedMemoryMiB } from '../load/read-usage';
import { describeContenders, judge } from '../run-scenario';
import type { ScenarioResult } from '../run-scenario';
import type { Sample } from '../sample';
import type { Goal } from '../scenario';
import type { World } from '../systems/start-world';
import { fillTenants } from './fill-tenants';
import { MIXED_OPERATIONS, mixRequests } from './mix-requests';
import type { MixedRequest, Tenant } from './mix-requests';
import { watchMemory } from './watch-memory';
import type { MemoryCourse, MemoryReaders } from './watch-memory';

/** Well below what the machine could do. */
const PER_SECOND = 100;
const TENANTS = 10;
const WARM_UP_SECONDS = 120;
/** 250 MB. */
const HIGHEST_MIB = 238;
const FLAT = 1.1;

const GOALS: Goal[] = [
  { of: 'ingress, highest', metric: 'memoryMiB', atMost: HIGHEST_MIB },
  { of: 'ingress, last minute', against: 'ingress, first minute', metric: 'memoryMiB', atMost: FLAT },
  { of: 'worker, last minute', against: 'worker, first minute', metric: 'memoryMiB', atMost: FLAT },
];

/** For the report. */
export function soakName(minutes: number): string {
  return `soak: ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} of ${PER_SECOND} requests a second to ${TENANTS} directories`;
}

/**
 * A steady load of what identity providers send, on one ingress, one worker, PostgreSQL and an app that receives webhooks,
 * while their memory is watched. Throws when an answer is wrong or a webhook does not arrive.
 */
export async function runSoak(world: World, minutes: number): Promise<ScenarioResult> {
  const start = performance.now();
  const system = await startDeliveringOnPostgres(world);
  try {
    const tenants = await fillTenants(system.rollcall, TENANTS);
    await system.drained();
    await system.createEndpoints(1);
    const watched = await loadAndWatch(system, tenants, minutes);
    const samples = new Map([...watched].map(([of, sample]) => [of, [sample]]));
    return {
      scenario: soakName(minutes),
      contenders: describeContenders(samples),
      goals: GOALS.flatMap((goal) => judge(goal, samples) ?? []),
      seconds: (performance.now() - start) / 1_000,
      once: true,
    };
  } finally {
    await system.stop();
  }
}

async function loadAndWatch(system: DeliveringSystem, tenants: readonly Tenant[], minutes: number) {
  const { receiver, directory, rollcall } = system;
  const latencies = new Map(MIXED_OPERATIONS.map((operation) => [operation, [] as number[]]));
  const load = { target: directory, perSecond: PER_SECOND, next: mixRequests(tenants) };
  const takeNote = ({ done }: MixedRequest, body: Buffer): void => done?.(body);
  say(`warming up for ${WARM_UP_SECONDS} s`);
  await driveAtRate({
    ...load,
    seconds: WARM_UP_SECONDS,
    onAnswer: ({ body }, request) => takeNote(request, body),
  });
  let webhooks = 0;
  receiver.onRequest = () => (webhooks += 1);
  const watch = watchMemory(readersOf(system), (minute, latest) =>
    say(`minute ${minute} of ${minutes}: ${latest} MiB`),
  );
  const { sample, result } = await measureWork(rollcall, () =>
    driveAtRate({
      ...load,
      seconds: minutes * 60,
      onAnswer: ({ body }, request, latency) => {
        takeNote(request, body);
        latencies.get(request.operation)?.push(latency);
      },
    }),
  );
  const courses = watch.stop();
  const perSecond = webhooks / result.seconds;
  await allDelivered(system);
  return new Map<string, Sample>([
    ['all', sample],
    ...[...latencies].map(([name, of]) => [name, summarize(Float64Array.from(of).toSorted(), result.seconds)] as const),
    ['webhooks', { perSecond }],
    ...Object.entries(courses).flatMap(([name, course]) => rowsOf(name, course)),
  ]);
}

function say(text: string): void {
  console.error(`         ${text}`);
}

function readersOf({ rollcall }: DeliveringSystem): MemoryReaders {
  const { ingress, worker, postmasterPid } = rollcall;
  return {
    ingress: () => readMemoryMiB([ingress.pid]),
    worker: () => (worker ? readMemoryMiB([worker.pid]) : undefined),
    PostgreSQL: () => readSharedMemoryMiB(listProcessTree(postmasterPid)),
  };
}

const DELIVERY_TIMEOUT_MS = 30_000;

/** Throws when a delivery is left. */
async function allDelivered(system: DeliveringSystem): Promise<void> {
  await system.drained();
  for (const deadline = performance.now() + DELIVERY_TIMEOUT_MS; ; await sleep(100)) {
    const { rows } = await system.rollcall.database.admin.query<{ count: string }>(
      `SELECT count(*) FROM deliveries WHERE state <> 'succeeded'`,
    );
    const left = Number(rows[0]?.count);
    if (left === 0) return;
    if (performance.now() > deadline) throw new Error(`${left} webhooks were not delivered`);
  }
}

function rowsOf(name: string, { first, last, highest, slope }: MemoryCourse): [string, Sample][] {
  return [
    [`${name}, first minute`, { memoryMiB: first }],
    [`${name}, last minute`, { memoryMiB: last }],
    [`${name}, highest`, { memoryMiB: highest }],
    [`${name}, growth a minute`, { memoryMiB: slope }],
  ];
}
