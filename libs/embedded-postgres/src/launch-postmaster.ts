import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import type { ServerUser } from './choose-server-user';

export interface LaunchedPostmaster {
  /** What the server wrote to its log since it was launched, if it has ended; undefined while it runs. */
  complaint(): string | undefined;
}

const MAX_LOG_BYTES = 10 * 1024 * 1024;

/**
 * Starts the server in its own session, so that Ctrl-C does not reach it before the applications have finished, and so
 * that it outlives a killed parent.
 *
 * @param server where it stores, listens and logs; the log is rotated once when it has grown large
 */
export function launchPostmaster(server: {
  readonly program: string;
  readonly clusterDir: string;
  readonly port: number;
  readonly logFile: string;
  readonly user: ServerUser;
}): LaunchedPostmaster {
  const log = openSync(rotateLog(server.logFile), 'a', 0o600);
  const offset = statSync(server.logFile).size;
  const place = ['-c', 'listen_addresses=127.0.0.1', '-c', `port=${server.port}`, '-c', 'unix_socket_directories='];
  const command = [...server.user.wrapper, server.program, '-D', server.clusterDir, ...place];
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['ignore', log, log],
    detached: true,
    uid: server.user.uid,
    gid: server.user.gid,
  });
  closeSync(log);
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  child.unref();
  return {
    complaint: () => {
      if (failure) return failure.message;
      return child.exitCode === null && child.signalCode === null ? undefined : readFrom(server.logFile, offset);
    },
  };
}

function rotateLog(file: string): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(file, `${file}.1`);
  return file;
}

function readFrom(file: string, offset: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(8192);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(descriptor);
  }
}
