import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { listProcessTree, readCpuMs } from '../load/read-usage';

/** Clock ticks per second in /proc/stat. */
const TICKS_PER_SECOND = 100;

/** With more than this share of the machine in others' hands it is not quiet. */
export const QUIET_SHARE = 0.1;

/** What the machine's processors have done so far, in milliseconds. */
export interface MachineUse {
  at: number;
  busyMs: number;
  /** By the benchmark, its servers and its database. */
  ownMs: number;
}

/** Reads it; `roots` are the processes beside this one whose trees belong to the benchmark. Undefined where there is no /proc. */
export function readMachineUse(roots: readonly number[] = []): MachineUse | undefined {
  try {
    const busyMs = busyMsOf(readFileSync('/proc/stat', 'utf8'));
    const own = new Set([process.pid, ...roots].flatMap(listProcessTree));
    return { at: performance.now(), busyMs, ownMs: readCpuMs([...own]) ?? 0 };
  } catch {
    return undefined;
  }
}

/** Processor time that somebody used or that the host took away, of the text of /proc/stat. */
export function busyMsOf(stat: string): number {
  const [, ...fields] = (stat.split('\n')[0] ?? '').split(/\s+/).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  return (user + nice + system + irq + softirq + steal) * (1_000 / TICKS_PER_SECOND);
}

/** The share of the machine that others used between two readings, from 0 to 1; undefined when one could not be taken. */
export function shareOfOthers(
  before: MachineUse | undefined,
  after: MachineUse | undefined,
  processors = availableParallelism(),
): number | undefined {
  if (!before || !after || after.at <= before.at) return undefined;
  const others = after.busyMs - before.busyMs - (after.ownMs - before.ownMs);
  return Math.min(1, Math.max(0, others / ((after.at - before.at) * processors)));
}

export interface Quiet {
  /** How long to look for before it is called quiet. */
  lookMs: number;
  /** How long to wait for that at most. */
  patienceMs: number;
  roots?: readonly number[];
  /** Told once, when there is something to wait for. */
  onWait: (others: number) => void;
}

/** Waits until others leave the machine alone. Returns the share that they still use, or undefined where that cannot be read. */
export async function waitForQuiet({ lookMs, patienceMs, roots, onWait }: Quiet): Promise<number | undefined> {
  let waiting = false;
  for (const deadline = performance.now() + patienceMs; ;) {
    const before = readMachineUse(roots);
    await sleep(lookMs);
    const others = shareOfOthers(before, readMachineUse(roots));
    if (others === undefined || others <= QUIET_SHARE || performance.now() >= deadline) return others;
    if (!waiting) onWait(others);
    waiting = true;
  }
}
