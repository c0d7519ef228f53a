import { execFileSync } from 'node:child_process';
import { readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isProcessAlive } from './is-process-alive';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** No process can have this id (it is above what any system gives out), so PostgreSQL takes it for ended. */
const NOBODYS_PID = '2147483646';

/**
 * The server that runs on the cluster now, from its `postmaster.pid` (PostgreSQL documentation, "Database File
 * Layout": line 1 the process id, line 4 the port), or undefined when that file is absent or left over.
 */
export async function findPostmaster(clusterDir: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!(pid > 0) || !isProcessAlive(pid) || !(await worksIn(pid, clusterDir))) return undefined;
  return { pid, port: Number(lines[3]) };
}

/**
 * Makes a left-over `postmaster.pid` harmless whose process id now belongs to a zombie or to a program that has
 * nothing to do with the cluster; PostgreSQL would refuse to start because of it for as long as that lives.
 * Only the process id is replaced: the shared memory key below it stays, by which PostgreSQL itself makes sure that no
 * server process of the old run is still at work.
 */
export async function disarmLeftOverPidFile(clusterDir: string): Promise<void> {
  const file = join(clusterDir, 'postmaster.pid');
  const content = await readFile(file, 'utf8').catch(() => '');
  const end = content.indexOf('\n');
  if (end === -1 || (await findPostmaster(clusterDir))) return;
  await writeFile(file, NOBODYS_PID + content.slice(end));
}

/** Whether the process is a server on this cluster: PostgreSQL's processes work in their data directory. */
async function worksIn(pid: number, clusterDir: string): Promise<boolean> {
  if (process.platform !== 'linux') {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes('postgres');
  }
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(clusterDir));
  } catch (error) {
    // Somebody else's process cannot be looked into: take it for the server rather than disturb one.
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}
