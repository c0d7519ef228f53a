/** One key of an organization's metadata as it is edited. */
export interface MetadataEntry {
  /** Tells the rows of the form apart. */
  id: number;
  key: string;
  /** A text as it is; anything else as JSON. */
  text: string;
  /** The value that the text stands for while it is not changed, so that a number stays one and `true` typed as text stays text. */
  stored?: { text: string; value: unknown };
}

let lastId = 0;

/** The rows of the form for what is stored, in the order of the keys. */
export function toEntries(metadata: Record<string, unknown>): MetadataEntry[] {
  return Object.entries(metadata)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return { ...newEntry(), key, text, stored: { text, value } };
    });
}

/** A row for one more. */
export function newEntry(): MetadataEntry {
  lastId += 1;
  return { id: lastId, key: '', text: '' };
}

/** What the rows say, without those that have no key; of two with the same key the later counts. */
export function readMetadata(entries: readonly MetadataEntry[]): Record<string, unknown> {
  return Object.fromEntries(
    entries
      .filter(({ key }) => key.trim() !== '')
      .map(({ key, text, stored }) => [key.trim(), stored?.text === text ? stored.value : text]),
  );
}

/** What of `next` differs, as PATCH takes it: null removes a key. Undefined when nothing differs. */
export function diffMetadata(
  present: Record<string, unknown>,
  next: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const changes: Record<string, unknown> = {};
  for (const key of Object.keys(present)) if (!Object.hasOwn(next, key)) changes[key] = null;
  for (const [key, value] of Object.entries(next)) {
    if (!Object.hasOwn(present, key) || JSON.stringify(present[key]) !== JSON.stringify(value)) changes[key] = value;
  }
  return Object.keys(changes).length > 0 ? changes : undefined;
}
