import { coreScenarios } from './core-scenarios';
import { deliveryScenarios } from './delivery/delivery-scenarios';
import { fairnessScenarios } from './fairness/fairness-scenarios';
import { importScenarios } from './import/import-scenarios';
import { ceilingScenarios } from './load/ceiling-scenarios';
import type { Scenario } from './scenario';
import { growthScenarios, scimScenarios } from './scim/scim-scenarios';
import { startUpScenarios } from './start-up/start-up-scenarios';

/** Scenarios of one kind, as they stand together in the results. */
export interface Section {
  title: string;
  scenarios: readonly Scenario[];
}

/** Everything that is measured in rounds, in the order in which it is. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'The load generator, the protocol core and starts',
    scenarios: [...ceilingScenarios, ...coreScenarios, ...startUpScenarios],
  },
  { title: 'SCIM', scenarios: scimScenarios },
  { title: 'Delivery', scenarios: deliveryScenarios },
  { title: 'Initial import', scenarios: importScenarios },
  { title: 'What one tenant costs the others', scenarios: fairnessScenarios },
  // Last: a database with a million users beside it would disturb the others.
  { title: 'Growth', scenarios: growthScenarios },
];
