/** Reads and writes which steps of a directory were ticked. Ids of steps only; nothing of the directory itself. */
interface ChecklistStore {
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
}

/** The browser's storage, touched only when used: where it is blocked, already naming it throws. */
export const browserStore: ChecklistStore = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, value),
};

/** The ticked steps; none when nothing was kept, or what was kept cannot be read. */
export function readChecklist(store: ChecklistStore, directoryId: string): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(store.getItem(keyOf(directoryId)) ?? '[]');
    return new Set(Array.isArray(kept) ? kept.filter((id): id is string => typeof id === 'string') : []);
  } catch {
    return new Set();
  }
}

/** Keeps the ticked steps; a browser that refuses storage only forgets them on reload. */
export function writeChecklist(store: ChecklistStore, directoryId: string, done: ReadonlySet<string>): void {
  try {
    store.setItem(keyOf(directoryId), JSON.stringify([...done]));
  } catch {
    return;
  }
}

function keyOf(directoryId: string): string {
  return `rollcall.setup.${directoryId}`;
}
