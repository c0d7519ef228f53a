import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export interface LauncherRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs on until it is ended. */
export interface LauncherStart {
  stdout(): string;
  /** SIGTERM, or another signal; its exit code. */
  end(signal?: NodeJS.Signals): Promise<LauncherRun>;
}

/**
 * Runs `launch.js <args>` to its end, from a folder that is not the workspace, with no variable but these and PATH.
 * @param root the folder of another version that is built
 */
export async function runLauncher(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  root: string = ROOT,
): Promise<LauncherRun> {
  return startChild(args, env, root).ended;
}

/** Starts `launch.js <args>` likewise. */
export function startLauncher(args: readonly string[], env: NodeJS.ProcessEnv): LauncherStart {
  const { child, stdout, ended } = startChild(args, env, ROOT);
  return {
    stdout,
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

function startChild(args: readonly string[], env: NodeJS.ProcessEnv, root: string) {
  const child = spawn(process.execPath, [join(root, 'infra/local/launch.js'), ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, OPERATIONS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<LauncherRun>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return { child, stdout: () => stdout, ended };
}
