import { orderTurns } from './order-turns';
import type { TurnLimits } from './order-turns';
import type { RestOfOwner } from './rest-of-owner';

/** Work of many owners that shares something scarce, such as connections: see {@link orderTurns} for whose turn it is. */
export interface Turns {
  /**
   * Does the work when its turn comes. Resolves and rejects as the work does.
   * @param weigh about how many milliseconds the work takes on a quiet machine, by its result; without it, one
   */
  run<Result>(owner: string, work: () => Promise<Result>, weigh?: (result: Result) => number): Promise<Result>;
  /** How much work of the owner waits for its turn. */
  waiting(owner: string): number;
}

/**
 * @param limits how many turns there are at one time
 * @param restAfter how long an owner rests after a turn: for so long the turn is not given to another work of its
 */
export function createTurns(limits: TurnLimits, restAfter: RestOfOwner = () => 0): Turns {
  const order = orderTurns<() => void>(limits);

  function begin(): void {
    for (let start = order.next(); start; start = order.next()) start();
  }

  function end(owner: string): void {
    order.end(owner);
    begin();
  }

  return {
    async run(owner, work, weigh = () => 1) {
      await new Promise<void>((resolve) => {
        order.join(owner, resolve);
        begin();
      });
      const startedAt = performance.now();
      let workMs = 1;
      try {
        const result = await work();
        workMs = weigh(result);
        return result;
      } finally {
        const atMs = performance.now();
        const restMs = restAfter({ owner, workMs, tookMs: atMs - startedAt, atMs });
        if (restMs === 0) end(owner);
        else setTimeout(end, restMs, owner).unref();
      }
    },
    waiting: (owner) => order.waiting(owner),
  };
}
