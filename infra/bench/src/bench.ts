import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { coreScenarios } from './core-scenarios';
import { deliveryScenarios } from './delivery/delivery-scenarios';
import { parseOptions } from './parse-options';
import { describeMachine } from './report/describe-machine';
import { renderReport } from './report/render-report';
import type { ReportHead } from './report/render-report';
import { runScenario } from './run-scenario';
import type { ScenarioResult } from './run-scenario';
import type { Scenario } from './scenario';
import { scimScenarios } from './scim/scim-scenarios';
import { startWorld } from './systems/start-world';

const SCENARIOS: readonly Scenario[] = [...coreScenarios, ...scimScenarios, ...deliveryScenarios];

const options = parseOptions(process.argv.slice(2));
if (options) {
  const { quick, rounds, only, rivals, output, profileFolder } = options;
  const chosen = SCENARIOS.filter((scenario) => (only ? only.test(scenario.name) : !quick || scenario.quick === true));
  if (chosen.length === 0) {
    console.error(`No scenario is named so. There are:\n${SCENARIOS.map(({ name }) => `  ${name}`).join('\n')}`);
    process.exit(1);
  }
  process.exit(await bench(chosen));

  async function bench(scenarios: readonly Scenario[]): Promise<number> {
    const world = await startWorld({ quick, rivals, ...(profileFolder && { profileFolder }) });
    const interrupted = stopOnSignal(() => world.close());
    const head = {
      time: new Date().toISOString(),
      machine: describeMachine({ postgresVersion: world.database.version }),
      rounds,
    };
    const results: ScenarioResult[] = [];
    let failures = 0;
    for (const scenario of scenarios) {
      console.error(`${new Date().toTimeString().slice(0, 8)} ${scenario.name}`);
      try {
        results.push(await runScenario(scenario, world, rounds));
        writeResults(output, head, results);
      } catch (error) {
        // The servers are being stopped: what fails now says nothing, and the process ends when they have.
        if (interrupted()) await new Promise(() => undefined);
        failures += 1;
        console.error(`  failed: ${(error as Error).message}`);
      }
    }
    await world.close();
    console.log(renderReport(head, results));
    console.error(`\nWritten to ${output}.md and ${output}.json.`);
    return failures === 0 ? 0 : 1;
  }
}

/** After every scenario, so that a run that is ended early leaves what it has measured. */
function writeResults(output: string, head: ReportHead, results: readonly ScenarioResult[]): void {
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(`${output}.md`, `${renderReport(head, results)}\n`);
  writeFileSync(`${output}.json`, `${JSON.stringify({ ...head, results }, null, 2)}\n`);
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
