import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc: 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/**
 * CPU milliseconds that processes have used so far, theirs and those of their children that have ended; undefined where
 * there is no /proc.
 */
export function readCpuMs(pids: readonly number[]): number | undefined {
  return sum(pids, (pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything; utime, stime, cutime and cstime are the 12th to 15th fields behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((ticks, field) => ticks + Number(field), 0) * (1_000 / TICKS_PER_SECOND);
  });
}

/** Resident memory of processes; undefined where there is no /proc. */
export function readMemoryMiB(pids: readonly number[]): number | undefined {
  return sum(pids, (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}

/** The most that processes have ever had of resident memory, each at its own time; undefined where there is no /proc. */
export function readPeakMemoryMiB(pids: readonly number[]): number | undefined {
  return sum(pids, (pid) => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}

/** Resident memory in which what processes share counts once; undefined where there is no /proc or it may not be read. */
export function readSharedMemoryMiB(pids: readonly number[]): number | undefined {
  return sum(
    pids,
    (pid) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024,
  );
}

/** The processes of a program and all below it. */
export function listProcessTree(root: number): number[] {
  const pids = [root];
  for (const pid of pids) pids.push(...childrenOf(pid));
  return pids;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    // Ended meanwhile, or no /proc here.
    return [];
  }
}

function sum(pids: readonly number[], read: (pid: number) => number): number | undefined {
  let total: number | undefined;
  for (const pid of pids) {
    try {
      total = (total ?? 0) + read(pid);
    } catch {
      // Ended meanwhile, or no /proc here.
    }
  }
  return total;
}
