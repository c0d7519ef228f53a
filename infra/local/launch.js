#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What `npm start` and its relatives run: command -> built file. */
const COMMANDS = {
  start: 'dist/infra/local/start.js',
  ingress: 'dist/apps/ingress/main.js',
  worker: 'dist/apps/worker/main.js',
  demo: 'dist/infra/local/demo.js',
  rollcall: 'dist/infra/local/rollcall.js',
};

const OLDEST_NODE = [20, 19];

await launch(process.argv[2], process.argv.slice(3));

/**
 * Runs a command in this process, so that signals reach it: builds first when there is no build.
 * @param {string | undefined} command
 * @param {string[]} args
 */
async function launch(command, args) {
  const file = COMMANDS[command ?? ''];
  if (!file) return refuse(`Say what to launch: ${Object.keys(COMMANDS).join(', ')}.`);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    return refuse(`Rollcall needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
  }
  const { DATABASE_URL, DATABASE_URL_FILE } = process.env;
  if ((command === 'ingress' || command === 'worker') && !DATABASE_URL?.trim() && !DATABASE_URL_FILE?.trim()) {
    return refuse(
      `DATABASE_URL is required to run the ${command} by itself; "npm start" brings a database of its own.`,
    );
  }
  if (![...Object.values(COMMANDS), 'dist/apps/portal/index.html'].every((path) => existsSync(join(ROOT, path))))
    build();
  rememberCompiledCode();
  process.argv = [process.argv[0] ?? 'node', join(ROOT, file), ...args];
  await import(pathToFileURL(join(ROOT, file)).href);
}

function build() {
  console.log('There is no build yet: building Rollcall, which takes some seconds.');
  const nx = join(ROOT, 'node_modules/.bin/nx');
  const { status } = spawnSync(process.execPath, [nx, 'run-many', '-t', 'build', '--outputStyle=static'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) refuse('The build failed: see above. After "npm install", "npm run build" repeats it.');
}

/** From Node.js 22 on, compiled code is kept for the next start, also of the child processes. */
function rememberCompiledCode() {
  const folder = join(ROOT, 'node_modules/.cache/node-compile-cache');
  if (!module.enableCompileCache || process.env.NODE_COMPILE_CACHE) return;
  module.enableCompileCache(folder);
  process.env.NODE_COMPILE_CACHE = folder;
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}
