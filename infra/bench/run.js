#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `npm run bench`: bundles the benchmark anew, so that it never measures an old state, and runs it. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const bundled = spawnSync('node_modules/.bin/nx', ['run', 'bench:bundle', '--outputStyle=static'], {
  cwd: root,
  encoding: 'utf8',
});
if (bundled.status !== 0) {
  console.error(`${bundled.stdout}${bundled.stderr}\nThe benchmark could not be bundled.`);
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['dist/infra/bench/bench.js', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
