/** Objects by their id, to compare lists whose order means nothing. */
export function byId<T extends { id: string }>(objects: readonly T[]): Record<string, T> {
  return Object.fromEntries(objects.map((object) => [object.id, object]));
}
