import { spawn, spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NX = join(ROOT, 'node_modules/.bin/nx');

/** What the built server consists of. */
const SOURCES = ['apps/ingress', 'apps/worker', 'apps/portal', 'apps/docs', 'libs', 'infra/local'];

/** An editor saves several files within this time. */
const QUIET_MS = 200;

dev();

/** Builds and runs the server on a data directory of its own; at each change of a source file, builds what changed and starts it again. */
function dev() {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let server;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let ending = false;

  const start = () => {
    server = undefined;
    if (ending || !build()) return;
    const env = { DATA_DIR: join(ROOT, '.rollcall-dev'), ...process.env };
    const child = spawn(process.execPath, ['infra/local/launch.js', 'start'], { cwd: ROOT, stdio: 'inherit', env });
    server = child;
    child.once('exit', () => {
      if (server === child) server = undefined;
    });
  };

  /** The old server gives back its port and data directory before the new one starts. */
  const restart = () => {
    if (!isRunning(server)) return start();
    server.removeAllListeners('exit').once('exit', start).kill('SIGTERM');
  };

  for (const folder of SOURCES) {
    watch(join(ROOT, folder), { recursive: true }, (_event, name) => {
      if (name === null || isTest(name)) return;
      clearTimeout(timer);
      timer = setTimeout(restart, QUIET_MS);
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      ending = true;
      if (!isRunning(server)) process.exit(0);
      server.removeAllListeners('exit').once('exit', () => process.exit(0));
      server.kill('SIGTERM');
    });
  }
  start();
}

/** Whether it built: a mistake is shown and the next change tries again. */
function build() {
  const { status } = spawnSync(process.execPath, [NX, 'run-many', '-t', 'build', '--outputStyle=static'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return status === 0;
}

/** @param {import('node:child_process').ChildProcess | undefined} child */
function isRunning(child) {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

/** @param {string} name */
function isTest(name) {
  return /\.test\.tsx?$/.test(name);
}
