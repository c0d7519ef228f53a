import { readFileSync } from 'node:fs';
import { timeBackup } from './backup/time-backup';
import { readCosts } from './capacity/read-costs';
import { renderCapacity, SHOWN } from './capacity/render-capacity';
import { chooseRuns, listScenarios } from './choose-runs';
import type { Run } from './choose-runs';
import { QUIET_SHARE, readMachineUse, shareOfOthers, waitForQuiet } from './machine/watch-machine';
import { HELP, parseOptions, SOAK_MINUTES } from './parse-options';
import type { Options, Request } from './parse-options';
import { describeMachine } from './report/describe-machine';
import { publishResult, refusePublishing } from './report/publish-results';
import { renderReport, round } from './report/render-report';
import type { Rendered } from './report/render-report';
import { writeReport } from './report/write-report';
import type { RoundOptions, ScenarioResult } from './run-scenario';
import { QUICK_LISTED_USERS } from './scim/list-users';
import { QUICK_USERS } from './scim/read-users';
import { SECTIONS } from './sections';
import { soakName } from './soak/run-soak';
import { describeRivals } from './systems/install-rivals';
import { startWorld } from './systems/start-world';
import type { World } from './systems/start-world';

/** How long to look at the machine before it is called quiet, and how long to wait for that in one run. */
const LOOK_MS = 1_000;
const PATIENCE_MS = 240_000;
const QUICK_LOOK_MS = 300;
const QUICK_PATIENCE_MS = 5_000;

/** What the published results show. */
const PAGE = [...SECTIONS, { title: 'Soak', scenarios: [{ name: soakName(SOAK_MINUTES) }] }];

process.exit(await answer(process.argv.slice(2)));

/** The exit code. */
async function answer(args: readonly string[]): Promise<number> {
  const asked = readRequest(args);
  if (asked?.kind === 'measure') return bench(asked.options);
  if (asked?.kind === 'capacity') {
    const costs = readCosts(readFileSync('infra/bench/RESULTS.md', 'utf8'));
    process.stdout.write(renderCapacity(asked.demand ? [asked.demand] : SHOWN, costs));
  } else if (asked?.kind === 'backup') {
    console.log(await timeBackup(asked.users));
  } else if (asked) console.log(asked.kind === 'help' ? HELP : listScenarios());
  return asked ? 0 : 1;
}

/** What the command line asks for; null when it is wrong, which is told. */
function readRequest(args: readonly string[]): Request | null {
  try {
    return parseOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return null;
  }
}

/** The exit code: 0 when everything could be measured. */
async function bench(given: Options): Promise<number> {
  const runs = chooseRuns(given);
  if (runs.length === 0) return 1;
  const starting = startWorld(given);
  const interrupted = stopOnSignal(async () => (await starting).close());
  try {
    const world = await starting;
    // An interruption closes it by itself.
    const close = () => (interrupted() ? untilStopped() : world.close());
    const failures = await measureAll(runs, world, given, interrupted).finally(close);
    return failures === 0 ? 0 : 1;
  } catch (error) {
    if (interrupted()) return untilStopped();
    throw error;
  }
}

/** Once the servers are being stopped, what fails says nothing; the process ends when they have. */
function untilStopped(): Promise<never> {
  return new Promise(() => undefined);
}

type Measured = ScenarioResult & Pick<Rendered, 'others'>;

/**
 * Measures one thing after the other, and writes the report after each, so that a run that is ended early leaves what it has
 * measured. Returns how many failed.
 */
async function measureAll(
  runs: readonly Run[],
  world: World,
  given: Options,
  interrupted: () => boolean,
): Promise<number> {
  const { output } = given;
  const head = {
    time: new Date().toISOString(),
    machine: describeMachine({ postgresVersion: world.database.version }),
    method: describeMethod(given),
  };
  const results: Measured[] = [];
  const start = performance.now();
  const waitABit = createPatience(world);
  for (const [index, run] of runs.entries()) {
    say(`${new Date().toTimeString().slice(0, 8)} [${index + 1}/${runs.length}] ${run.name}`);
    try {
      await waitABit();
      const result = await measure(run, world);
      results.push(result);
      writeReport(output, head, results);
      if (given.publish) publish(result, head, world);
    } catch (error) {
      if (interrupted()) await untilStopped();
      say(`         failed: ${(error as Error).message}`);
    }
  }
  if (results.length > 0) console.log(renderReport(head, results));
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  say(`\n${results.length} of ${runs.length} measured in ${minutes} minutes.`);
  if (results.length > 0) say(`Written to ${output}.md and ${output}.json.`);
  return runs.length - results.length;
}

async function measure({ run }: Run, world: World): Promise<Measured> {
  const roots = [world.database.postmasterPid];
  const before = readMachineUse(roots);
  const result = await run(world, tellRound);
  const others = shareOfOthers(before, readMachineUse(roots));
  const unrest = others === undefined ? '' : `; other programs used ${Math.round(others * 100)} % of the machine`;
  say(`         took ${result.seconds.toFixed(1)} s${unrest}`);
  return { ...result, ...(others !== undefined && { others }) };
}

type OnRound = NonNullable<RoundOptions['onRound']>;

function tellRound(name: string, done: Parameters<OnRound>[1]): void {
  const figures = done.map(({ contender, sample: { perSecond, seconds, p50, memoryMiB } }) => {
    if (seconds !== undefined) return `${contender} ${round(seconds)} s`;
    if (perSecond !== undefined) return `${contender} ${round(perSecond)}/s`;
    if (p50 !== undefined) return `${contender} ${round(p50)} ms`;
    return memoryMiB === undefined ? contender : `${contender} ${round(memoryMiB)} MiB`;
  });
  say(`         ${name}: ${figures.join(', ')}`);
}

/** Waits before each scenario until the machine is quiet, in all so long as one may wait for that. */
function createPatience({ quick, database }: World): () => Promise<void> {
  let left = quick ? QUICK_PATIENCE_MS : PATIENCE_MS;
  return async () => {
    const start = performance.now();
    const others = await waitForQuiet({
      lookMs: quick ? QUICK_LOOK_MS : LOOK_MS,
      patienceMs: left,
      roots: [database.postmasterPid],
      onWait: (share) => say(`         waiting: other programs use ${Math.round(share * 100)} % of the machine`),
    });
    left = Math.max(0, left - (performance.now() - start));
    if (others !== undefined && others > QUIET_SHARE) {
      say(`         The machine is not quiet: other programs use ${Math.round(others * 100)} % of it.`);
    }
  };
}

function publish(result: Measured, head: Parameters<typeof writeReport>[1], world: World): void {
  const refusal = refusePublishing(result, world.missing());
  if (refusal !== null) {
    say(`         not published: ${refusal}`);
    return;
  }
  publishResult({ ...result, ...head, time: new Date().toISOString() }, PAGE);
  say('         published');
}

function say(text: string): void {
  console.error(text);
}

function describeMethod({ quick, rounds, rivals, soakMinutes }: Options): string {
  if (soakMinutes !== undefined) return 'One long run; the first minute is the first after two that warmed up.';
  const beside = rivals ? ` Beside ${describeRivals()}.` : '';
  const medians = `Medians of ${rounds} interleaved rounds`;
  if (!quick) return `${medians}, of up to ${2 * rounds} where they disagreed.${beside}`;
  const listed = QUICK_LISTED_USERS.toLocaleString('en-US');
  return `${medians}. Quick: short rounds, and directories of ${QUICK_USERS} users where a name says 10,000, of ${listed} where it says 100,000; what is imported, delivered and drained is as small.${beside}`;
}

/** Ctrl-C leaves no server behind. Returns whether it came. */
function stopOnSignal(stop: () => Promise<void>): () => boolean {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      console.error('Stopping …');
      void stop().finally(() => process.exit(130));
    });
  }
  return () => stopping;
}
