export { buildScenario } from './build-scenario';
export type { Dialect, ImportResult } from './dialects/dialect';
export { DIALECT_NAMES, type DialectName, findDialect } from './dialects/find-dialect';
export type { Held, HeldGroup, HeldUser } from './read-held';
export type { Action, Group, Person, Roles, Scenario } from './scenario';
export { type Connection, ProvisioningError, type SentRequest } from './send-scim';
export {
  type Failure,
  type Progress,
  type ProviderOptions,
  type SimulatedProvider,
  simulateProvider,
} from './simulate-provider';
