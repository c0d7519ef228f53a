import { readFileSync } from 'node:fs';

/** Whether a process with this id runs. A zombie (ended, but not yet collected by its parent) does not. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, but as somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return processState(pid) !== 'Z';
}

/** The state letter of proc(5), or undefined where there is no /proc. The name before it may hold any character. */
function processState(pid: number): string | undefined {
  try {
    return /^.*\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
