import { chooseScenarios } from './choose-scenarios';
import type { Options } from './parse-options';
import { runScenario } from './run-scenario';
import type { RoundOptions, ScenarioResult } from './run-scenario';
import type { Scenario } from './scenario';
import { SECTIONS } from './sections';
import { runSoak, soakName } from './soak/run-soak';
import type { World } from './systems/start-world';

/** One thing to measure. */
export interface Run {
  name: string;
  run: (world: World, onRound: RoundOptions['onRound']) => Promise<ScenarioResult>;
}

const SCENARIOS = SECTIONS.flatMap(({ scenarios }) => scenarios);

/** The names of all scenarios, one in each line. */
export function listScenarios(): string {
  const describe = ({ name, quick, once }: Scenario): string =>
    `  ${name}${quick ? '  (quick)' : ''}${once ? '  (long: only when asked for)' : ''}`;
  return SECTIONS.map(({ title, scenarios }) => [title, ...scenarios.map(describe)].join('\n')).join('\n');
}

/** What the options ask for, in the order of the report; says what there is when that is nothing. */
export function chooseRuns({ only, quick, rounds, moreRounds, soakMinutes }: Options): Run[] {
  if (soakMinutes !== undefined) return [{ name: soakName(soakMinutes), run: (world) => runSoak(world, soakMinutes) }];
  const chosen = chooseScenarios(SCENARIOS, { quick, ...(only !== undefined && { only }) });
  if (chosen.length === 0) console.error(`No scenario is named so. There are:\n${listScenarios()}`);
  return chosen.map((scenario) => ({
    name: scenario.name,
    run: (world, onRound) => runScenario(scenario, world, { rounds, moreRounds, ...(onRound && { onRound }) }),
  }));
}
