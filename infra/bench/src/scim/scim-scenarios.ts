import type { Scenario } from '../scenario';
import { changeMemberScenarios } from './change-members';
import { changeUserScenarios } from './change-users';
import { createUserScenarios } from './create-users';
import { growGroupScenarios } from './grow-groups';
import { growUserScenarios } from './grow-users';
import { listUserScenarios } from './list-users';
import { manyDirectoryScenarios } from './many-directories';
import { readGroupScenarios } from './read-groups';
import { readUserScenarios } from './read-users';
import { writeGroupScenarios } from './write-groups';

/** SCIM over HTTP, Rollcall beside the systems it is compared with. */
export const scimScenarios: readonly Scenario[] = [
  ...createUserScenarios,
  ...readUserScenarios,
  ...listUserScenarios,
  ...changeUserScenarios,
  ...writeGroupScenarios,
  ...changeMemberScenarios,
  ...readGroupScenarios,
  ...manyDirectoryScenarios,
];

/** How SCIM's cost grows with what is in a directory. */
export const growthScenarios: readonly Scenario[] = [...growGroupScenarios, ...growUserScenarios];
