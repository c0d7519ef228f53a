import { orderTurns } from './order-turns';
import type { TurnLimits } from './order-turns';

/** Work of many owners that shares something scarce, such as connections: see {@link orderTurns} for whose turn it is. */
export interface Turns {
  /** Does the work when its turn comes. Resolves and rejects as the work does. */
  run<Result>(owner: string, work: () => Promise<Result>): Promise<Result>;
  /** How much work of the owner waits for its turn. */
  waiting(owner: string): number;
}

/** @param limits how many turns there are at one time */
export function createTurns(limits: TurnLimits): Turns {
  const order = orderTurns<() => void>(limits);

  function begin(): void {
    for (let start = order.next(); start; start = order.next()) start();
  }

  return {
    async run(owner, work) {
      await new Promise<void>((resolve) => {
        order.join(owner, resolve);
        begin();
      });
      try {
        return await work();
      } finally {
        order.end(owner);
        begin();
      }
    },
    waiting: (owner) => order.waiting(owner),
  };
}
