import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countTests, listFailures, listToRunAgain, replaceSuites } from './count-tests.js';
import { readWorkspace } from './read-workspace.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What some suites need beyond npm's packages, how it is found, and the harness function such suites call. */
const OPTIONAL_PROGRAMS = [
  {
    name: 'redis-server',
    harness: 'startRedis',
    present: () => isOnPath('redis-server'),
    advice: 'install it, for example with "apt-get install redis-server"',
  },
  {
    name: 'haproxy',
    harness: 'startHaproxy',
    present: () => isOnPath('haproxy'),
    advice: 'install it, for example with "apt-get install haproxy"',
  },
  {
    name: 'a Chromium',
    harness: 'launchChromium',
    // On Linux x64 the package @sparticuz/chromium stands in.
    present: () =>
      ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].some(isOnPath) ||
      (process.platform === 'linux' && process.arch === 'x64'),
    advice: 'install one, for example with "apt-get install chromium-headless-shell"',
  },
  {
    name: 'PgBouncer of both kinds, with and without prepared statements,',
    harness: 'startPgBouncer',
    present: () => ['pgbouncer', 'pgbouncer-prepared'].every(isOnPath),
    advice: 'install them, on Debian 12 with "apt-get install pgbouncer" and .ci/install-pgbouncer',
  },
  {
    name: 'curl',
    harness: 'runReadmeCommands',
    present: () => isOnPath('curl'),
    advice: 'install it, for example with "apt-get install curl"',
  },
];

/**
 * The oldest PostgreSQL that is supported, from Debian's package. Where it is installed the suites of what touches the database run
 * on it, and the applications above them on the packaged one, the newest; those that look at plans, which are each version's own, run
 * on both.
 */
const OLDEST_POSTGRES = {
  major: 15,
  folder: '/usr/lib/postgresql/15/bin',
  /** Checks the bodies of the SQL functions. */
  checker: '/usr/lib/postgresql/15/lib/plpgsql_check.so',
  suites: ['libs/database', 'libs/scim-store', 'libs/pipeline-store', 'libs/management'],
};

/** Linux's file system in memory, and what must be free of it: several times what the suites need at once. */
const MEMORY = { folder: '/dev/shm', bytes: 8 * 2 ** 30 };

/** What failed in any of the runs, a line each: named once more at the end. */
const failures = [];
/** What failed among all the others and passed alone: no failure of this run, and named all the same, for it is to be mended. */
const unsteady = [];
let interrupted = false;

/**
 * The test command: builds, says which suites this machine cannot run, runs the rest, and ends with one line
 * `N passed, N failed[, N skipped]`. Arguments go to vitest: `npm test -- libs/scim -t "parses"`.
 * @param {string[]} args
 * @returns {number} the exit code
 */
function test(args) {
  if (run('nx', ['run-many', '-t', 'build', '--outputStyle=static']) !== 0) {
    console.log('The build failed, so no test ran.');
    return close({ passed: 0, failed: 1, skipped: 0 });
  }
  const missing = reportMissingPrograms() + (args.length === 0 ? reportMissingPostgres() : 0);
  const onOldest = args.length === 0 && existsSync(OLDEST_POSTGRES.folder);
  const counts = runSuites(args, { env: onOldest ? useOldestPostgres() : {}, areAll: args.length === 0 });
  if (missing > 0 && process.env.CI === 'true') {
    console.log(`CI=true: a suite that cannot run counts as failed (${missing}).`);
    counts.failed += missing;
  }
  return close(counts);
}

/** @returns {number} how many needed programs are missing */
function reportMissingPrograms() {
  const missing = OPTIONAL_PROGRAMS.filter((program) => !program.present());
  const workspace = missing.length > 0 ? readWorkspace(ROOT) : undefined;
  for (const { name, harness, advice } of missing) {
    const suites = [...workspace.files.values()].filter((file) => file.isTest && usesHarness(file, harness, workspace));
    console.log(
      `\nThis machine has no ${name}: ${suites.length} suites run without their tests that need it; ${advice}.`,
    );
    for (const suite of suites) console.log(`  ${suite.path}`);
  }
  return missing.length;
}

/** @returns {number} how much is missing of the oldest supported PostgreSQL: itself, or its checker of SQL functions */
function reportMissingPostgres() {
  const { major, folder, checker, suites } = OLDEST_POSTGRES;
  if (!existsSync(folder)) {
    console.log(
      `\nThis machine has no PostgreSQL ${major} (${folder}): ${suites.join(', ')} are tested on the embedded version only; install it, for example with "apt-get install postgresql-${major} postgresql-${major}-plpgsql-check".`,
    );
    return 1;
  }
  if (existsSync(checker)) return 0;
  console.log(
    `\nThis machine has no plpgsql_check for PostgreSQL ${major} (${checker}): the bodies of the SQL functions are not checked; install it, for example with "apt-get install postgresql-${major}-plpgsql-check".`,
  );
  return 1;
}

/** @returns {string[]} the suites that run on the oldest supported PostgreSQL alone */
function listSuitesOfOldest() {
  const files = OLDEST_POSTGRES.suites.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true }).map((name) => join(folder, String(name))),
  );
  const suites = files.filter((path) => path.endsWith('.int.test.ts') && !path.includes('node_modules'));
  const looksAtPlans = (path) => /watchPlans\(|explain|plans/i.test(path + readFileSync(join(ROOT, path), 'utf8'));
  return suites.filter((path) => !looksAtPlans(path));
}

/** What tells vitest to run the database's suites on the oldest supported PostgreSQL, see vitest.config.ts. */
function useOldestPostgres() {
  const { folder, suites } = OLDEST_POSTGRES;
  return {
    TEST_OLDEST_POSTGRES: folder,
    TEST_ON_OLDEST: suites.join(','),
    TEST_EXCEPT: listSuitesOfOldest().join(','),
  };
}

/** Whether a test file, or a helper file it imports, takes the function from the harness. */
function usesHarness(testFile, name, workspace) {
  const files = [testFile];
  const seen = new Set(files);
  for (const file of files) {
    for (const entry of file.imports) {
      if (entry.names?.includes(name)) return true;
      const next = entry.kind === 'file' ? workspace.files.get(entry.target) : undefined;
      if (!next || seen.has(next)) continue;
      seen.add(next);
      files.push(next);
    }
  }
  return false;
}

/**
 * Runs suites; where they are all, the few that fail once more, each alone.
 * @returns {import('./count-tests.js').Counts}
 */
function runSuites(args, { env = {}, areAll = false } = {}) {
  let { report, code } = runVitest(args, env);
  const again = areAll && !interrupted ? listToRunAgain(report, ROOT) : [];
  // Vitest failed for these.
  if (again.length > 0) code = 0;
  for (const suite of again) {
    console.log(`\n${suite} failed among the others. Alone:`);
    const alone = runVitest([suite], env);
    if (alone.code === 0) unsteady.push(...listFailures({ testResults: suitesOf(report, suite) }, ROOT));
    code ||= alone.code;
    if (alone.report) report = replaceSuites(report, alone.report);
  }
  failures.push(...listFailures(report, ROOT));
  return countTests(report, code);
}

const suitesOf = (report, file) => report.testResults.filter(({ name }) => name === join(ROOT, file));

/** @returns {{ report: object | null, code: number }} vitest's JSON report, null when it wrote none, and its exit code */
function runVitest(args, env) {
  const folder = makeFolder(findTemporaryFolder());
  // A database in it may run as another user, who has to get through.
  chmodSync(folder, 0o711);
  const file = join(folder, 'report.json');
  try {
    const config = ['run', '-c', 'infra/build/vitest.config.ts'];
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = run('vitest', [...config, ...reporters, ...args], { TMPDIR: folder, ...env });
    return { report: readReport(file), code };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Where the suites keep their databases: in memory where there is plenty, for a start with a database on disk takes a quarter more of
 * CPU time. Programs must be allowed to run there, as a browser that is unpacked is one.
 */
function findTemporaryFolder() {
  if (process.env.TMPDIR || !existsSync(MEMORY.folder)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY.folder);
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[1] === MEMORY.folder);
  const runsPrograms = mount !== undefined && !/\bnoexec\b/.test(mount);
  return runsPrograms && Math.min(bavail * bsize, freemem()) >= MEMORY.bytes ? MEMORY.folder : tmpdir();
}

/** A folder of this run's own, after removing those of runs that were killed: in memory they would stay until the machine ends. */
function makeFolder(parent) {
  for (const name of readdirSync(parent)) {
    const [, pid] = /^rollcall-test-(\d+)-/.exec(name) ?? [];
    if (pid && !isAlive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(parent, `rollcall-test-${process.pid}-`));
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** @returns {number} the exit code */
function close({ passed, failed, skipped }) {
  if (unsteady.length > 0) {
    console.log(`\nFailed among the others and passed alone:\n${unsteady.map((line) => `  ${line}`).join('\n')}`);
  }
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed === 0 ? 0 : 1;
}

/** Runs a program of node_modules with our terminal. @returns {number} its exit code, 1 when it was killed */
function run(program, args, env = {}) {
  const file = join(ROOT, 'node_modules', '.bin', program);
  const { status, error } = spawnSync(file, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  if (error) console.error(`${program} could not be started (${error.message}): run "npm install" first.`);
  return status ?? 1;
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

// An interrupt ends the running suites; what they wrote is removed after them.
process.on('SIGINT', () => (interrupted = true));
process.exitCode = test(process.argv.slice(2));
