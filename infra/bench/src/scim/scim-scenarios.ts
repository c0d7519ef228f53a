import type { Scenario } from '../scenario';
import { createUserScenarios } from './create-users';
import { readUserScenarios } from './read-users';
import { changeUserScenarios } from './change-users';

/** SCIM over HTTP, Rollcall beside the systems it is compared with. */
export const scimScenarios: readonly Scenario[] = [
  ...createUserScenarios,
  ...readUserScenarios,
  ...changeUserScenarios,
];
