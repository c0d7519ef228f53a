#!/usr/bin/env node
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `npm run bench`: builds what is measured anew, so that it never measures an old state, and runs the benchmark. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const build = ['run-many', '-t', 'build', 'bundle', '-p', 'ingress', 'worker', 'bench', '--outputStyle=static'];
const built = spawnSync('node_modules/.bin/nx', build, { cwd: root, encoding: 'utf8' });
if (built.status !== 0) {
  console.error(`${built.stdout}${built.stderr}\nThe benchmark could not be built.`);
  process.exit(1);
}
const bench = spawn(process.execPath, ['--enable-source-maps', 'dist/infra/bench/bench.js', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
// The benchmark stops its servers first; the terminal sends Ctrl-C to both.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill(signal));
bench.on('exit', (code) => process.exit(code ?? 1));
