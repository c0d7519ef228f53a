import type { Sample } from '../sample';
import { driveLoad } from './drive-load';
import type { Load, LoadResult } from './drive-load';
import { listProcessTree, readCpuMs, readMemoryMiB } from './read-usage';

/** The processes whose use of the machine is measured. */
export interface Measured {
  /** The system's own processes. */
  serverPids: () => number[];
  /** The PostgreSQL postmaster. */
  postmasterPid: number;
}

/** Drives a load and tells how fast it was answered and what it cost. */
export async function measureLoad(measured: Measured, load: Load): Promise<Sample> {
  return (await measureWork(measured, () => driveLoad(load))).sample;
}

/** Measures any work that returns how many operations it did, in which time. */
export async function measureWork<Result extends LoadResult>(
  { serverPids, postmasterPid }: Measured,
  work: () => Promise<Result>,
): Promise<{ sample: Sample; result: Result }> {
  const read = () => ({
    server: readCpuMs(serverPids()),
    database: readCpuMs(listProcessTree(postmasterPid)),
    load: readCpuMs([process.pid]),
  });
  const before = read();
  const result = await work();
  const after = read();
  const { requests, seconds, latencies } = result;
  const perOperation = (start?: number, end?: number) =>
    start === undefined || end === undefined ? undefined : (end - start) / requests;
  const serverCpuMs = perOperation(before.server, after.server);
  const databaseCpuMs = perOperation(before.database, after.database);
  const sample: Sample = {
    ...summarize(latencies, seconds),
    perSecond: requests / seconds,
    serverCpuMs,
    databaseCpuMs,
    ...(serverCpuMs !== undefined && databaseCpuMs !== undefined && { cpuMs: serverCpuMs + databaseCpuMs }),
    loadCpuMs: perOperation(before.load, after.load),
    memoryMiB: readMemoryMiB(serverPids()),
  };
  return { sample, result };
}

/** How fast operations were answered, by their latencies in ascending order. */
export function summarize(latencies: Float64Array, seconds: number): Sample {
  return {
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
  };
}

/** The value below which a share of the sorted values lies. */
function percentile(sorted: Float64Array, share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
