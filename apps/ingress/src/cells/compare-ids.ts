/** The order of a list by the ids of its items, which begin with the time. */
export function compareIds(newestFirst: boolean): (one: { id: string }, other: { id: string }) => number {
  return ({ id: one }, { id: other }) => {
    const order = one < other ? -1 : Number(one > other);
    return newestFirst ? -order : order;
  };
}
