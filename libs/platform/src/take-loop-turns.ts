import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTurns } from './create-turns';

/** Resolves in a turn of the event loop in which no other piece of work begins. */
export type LoopTurn = (owner: string) => Promise<void>;

/**
 * Lets pieces of work that come all at once begin one after the other, each in a turn of the event loop, owners in turn: what waits
 * for the event loop meanwhile, another owner's work included, waits for one of them and not for all.
 */
export function takeLoopTurns(): LoopTurn {
  const turns = createTurns({ atOnce: 1, perOwner: 1 });
  return (owner) =>
    new Promise((begin) => {
      void turns.run(owner, () => {
        begin();
        return nextTurn();
      });
    });
}
