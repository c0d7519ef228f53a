import type { Scenario } from '../scenario';
import { lagScenario } from './lag-scenario';
import { waveScenario } from './wave-scenario';

/** What one tenant's worst costs the others. */
export const fairnessScenarios: readonly Scenario[] = [waveScenario, lagScenario];
