import { chooseRuns } from './choose-runs';
import type { Run } from './choose-runs';
import { parseOptions } from './parse-options';
import type { Options } from './parse-options';
import { describeMachine } from './report/describe-machine';
import { renderReport } from './report/render-report';
import { writeReport } from './report/write-report';
import type { ScenarioResult } from './run-scenario';
import { QUICK_LISTED_USERS } from './scim/list-users';
import { QUICK_USERS } from './scim/read-users';
import { startWorld } from './systems/start-world';
import type { World } from './systems/start-world';

const options = parseOptions(process.argv.slice(2));
if (options) process.exit(await bench(options));

/** The exit code: 0 when everything could be measured. */
async function bench(given: Options): Promise<number> {
  const runs = chooseRuns(given);
  if (runs.length === 0) return 1;
  const starting = startWorld(given);
  const interrupted = stopOnSignal(async () => (await starting).close());
  try {
    const world = await starting;
    const failures = await measureAll(runs, world, given, interrupted);
    await world.close();
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
  const results: ScenarioResult[] = [];
  const start = performance.now();
  for (const { name, run } of runs) {
    console.error(`${new Date().toTimeString().slice(0, 8)} ${name}`);
    try {
      const result = await run(world);
      console.error(`         took ${result.seconds.toFixed(1)} s`);
      results.push(result);
      writeReport(output, head, results);
    } catch (error) {
      if (interrupted()) await untilStopped();
      console.error(`         failed: ${(error as Error).message}`);
    }
  }
  if (results.length > 0) console.log(renderReport(head, results));
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  console.error(`\n${results.length} of ${runs.length} measured in ${minutes} minutes.`);
  if (results.length > 0) console.error(`Written to ${output}.md and ${output}.json.`);
  return runs.length - results.length;
}

function describeMethod({ quick, rounds, soakMinutes }: Options): string {
  if (soakMinutes !== undefined) return 'One long run; the first minute is the first after two that warmed up.';
  const method = `Medians of ${rounds} interleaved rounds.`;
  return quick
    ? `${method} Quick: short rounds, and directories of ${QUICK_USERS} users where a name says 10,000 and of ${QUICK_LISTED_USERS.toLocaleString('en-US')} where it says 100,000.`
    : method;
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
