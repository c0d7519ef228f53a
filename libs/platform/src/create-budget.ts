import { AppError } from './app-error';

/** An amount of something scarce that tasks share, such as bytes of memory. */
export interface Budget {
  /**
   * Takes a share, first come first served, and resolves with what gives it back; calling that again does nothing. More
   * than the whole budget counts as the whole. Throws the refusal when too many wait already or the wait was too long.
   */
  take(amount: number): Promise<() => void>;
}

export interface BudgetOptions {
  /** How much there is. */
  capacity: number;
  /** How many may wait. */
  maxWaiting: number;
  /** How long one waits at most, in milliseconds. */
  maxWaitMs: number;
  /** What is thrown at whom there is nothing for. */
  refusal: () => AppError;
}

interface Waiting {
  amount: number;
  grant: () => void;
}

/** @param options see {@link BudgetOptions} */
export function createBudget({ capacity, maxWaiting, maxWaitMs, refusal }: BudgetOptions): Budget {
  const waiting = new Set<Waiting>();
  let free = capacity;

  function giveBackOnce(amount: number): () => void {
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      free += amount;
      grantNext();
    };
  }

  /** In order: one who needs much is not overtaken by those who need little, or would wait for ever. */
  function grantNext(): void {
    for (const next of waiting) {
      if (next.amount > free) return;
      waiting.delete(next);
      free -= next.amount;
      next.grant();
    }
  }

  return {
    async take(wanted) {
      const amount = Math.min(wanted, capacity);
      if (waiting.size >= maxWaiting) throw refusal();
      await new Promise<void>((resolve, reject) => {
        const entry: Waiting = { amount, grant: () => (clearTimeout(timer), resolve()) };
        const timer = setTimeout(() => {
          waiting.delete(entry);
          reject(refusal());
          grantNext();
        }, maxWaitMs);
        waiting.add(entry);
        grantNext();
      });
      return giveBackOnce(amount);
    },
  };
}
