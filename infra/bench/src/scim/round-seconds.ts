import type { World } from '../systems/start-world';

/** How long one contender is measured in one round. */
export function roundSeconds({ quick }: Pick<World, 'quick'>): number {
  return quick ? 0.4 : 1.5;
}
