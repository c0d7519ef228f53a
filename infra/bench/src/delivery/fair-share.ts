/** What one of many has to do, and when it was done, in seconds from the common start. */
export interface Turn {
  work: number;
  doneAfter: number;
}

/**
 * The longest wait, as a multiple of what it would be if all who still have work had equal shares of the rate at which all of it was
 * done: 1 is fair to everyone, and whoever has little then waits little.
 */
export function longestFairShare(turns: readonly Turn[]): number {
  const total = turns.reduce((sum, { work }) => sum + work, 0);
  const seconds = Math.max(...turns.map(({ doneAfter }) => doneAfter));
  const ascending = turns.toSorted((a, b) => a.work - b.work);
  let smaller = 0;
  let longest = 0;
  for (const [index, { work, doneAfter }] of ascending.entries()) {
    // Until it is done, each of the others has done as much, or all that it had.
    const before = smaller + work * (ascending.length - index);
    longest = Math.max(longest, doneAfter / ((before / total) * seconds));
    smaller += work;
  }
  return longest;
}
