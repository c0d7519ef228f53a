/** The names of the databases whose organizations an answer is without. Empty where there is one database, or all have answered. */
export function unavailableOf(answer: object): readonly string[] {
  const { unavailable_cells: names = [] } = answer as { unavailable_cells?: readonly string[] };
  return names;
}
