import { coreScenarios } from './core-scenarios';
import { deliveryScenarios } from './delivery/delivery-scenarios';
import { fairnessScenarios } from './fairness/fairness-scenarios';
import { ceilingScenarios } from './load/ceiling-scenarios';
import type { Options } from './parse-options';
import { runScenario } from './run-scenario';
import type { ScenarioResult } from './run-scenario';
import type { Scenario } from './scenario';
import { growthScenarios, scimScenarios } from './scim/scim-scenarios';
import { runSoak, soakName } from './soak/run-soak';
import { startUpScenarios } from './start-up/start-up-scenarios';
import type { World } from './systems/start-world';

const SCENARIOS: readonly Scenario[] = [
  ...ceilingScenarios,
  ...coreScenarios,
  ...startUpScenarios,
  ...scimScenarios,
  ...deliveryScenarios,
  ...fairnessScenarios,
  // Last: a database with a million users beside it would disturb the others.
  ...growthScenarios,
];

/** One thing to measure. */
export interface Run {
  name: string;
  run: (world: World) => Promise<ScenarioResult>;
}

/** What the options ask for, in the order of the report; says what there is when that is nothing. */
export function chooseRuns({ only, quick, rounds, soakMinutes }: Options): Run[] {
  if (soakMinutes !== undefined) return [{ name: soakName(soakMinutes), run: (world) => runSoak(world, soakMinutes) }];
  const chosen = SCENARIOS.filter((scenario) => (only ? only.test(scenario.name) : !quick || scenario.quick === true));
  if (chosen.length === 0) {
    console.error(`No scenario is named so. There are:\n${SCENARIOS.map(({ name }) => `  ${name}`).join('\n')}`);
  }
  return chosen.map((scenario) => ({ name: scenario.name, run: (world) => runScenario(scenario, world, rounds) }));
}
