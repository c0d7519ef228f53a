/** Connections of a worker when it is not told how many. */
export const WORKER_POOL_SIZE = 12;
/** For sweeps and maintenance. */
const BESIDES = 2;

/** How many batches or exchanges are under way at one time, in all and for one environment. */
export interface TurnLimits {
  atOnce: number;
  perOwner: number;
}

/**
 * Batches and exchanges under way at one time in a worker with so many connections, four or more. There is a connection for each,
 * and some for what comes besides: a turn waits for one only while several sweeps run at the same time, which are short. No
 * environment has them all while there are several.
 */
export function shareConnections(poolSize = WORKER_POOL_SIZE): { drains: TurnLimits; deliveries: TurnLimits } {
  const turns = poolSize - BESIDES;
  const drains = Math.floor(turns * 0.4) || 1;
  const deliveries = turns - drains;
  return {
    drains: { atOnce: drains, perOwner: Math.ceil(drains / 2) },
    deliveries: { atOnce: deliveries, perOwner: Math.ceil((deliveries * 2) / 3) },
  };
}
