import type { Contender, Goal } from '../scenario';
import type { World } from '../systems/start-world';
import { QUEUES, startDelivering } from './delivering-system';
import type { DeliveringSystem } from './delivering-system';

export interface OnQueue {
  run: Contender['run'];
  goals: Omit<Goal, 'of'>[];
}

/** One contender for each queue that is to be had, each with a system of its own; without `worker` it starts its own. */
export async function onEachQueue(
  world: World,
  open: (system: DeliveringSystem) => Promise<OnQueue>,
  { worker = true } = {},
) {
  const systems: DeliveringSystem[] = [];
  const contenders: Contender[] = [];
  const goals: Goal[] = [];
  for (const queue of QUEUES) {
    const system = await startDelivering(world, { queue, worker });
    if (!system) continue;
    systems.push(system);
    const name = `rollcall, queue on ${queue}`;
    const opened = await open(system);
    contenders.push({ name, run: opened.run });
    goals.push(...opened.goals.map((goal) => ({ of: name, ...goal })));
  }
  return { contenders, goals, close: async () => void (await Promise.all(systems.map((system) => system.stop()))) };
}
