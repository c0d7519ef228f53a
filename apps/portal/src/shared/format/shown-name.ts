import { dropHidden } from './mark-hidden';

/** The first of the names that there is something to see of; the last one when there is none. */
export function shownName(...names: readonly [...(string | null | undefined)[], string]): string {
  return names.find((name) => name && dropHidden(name).trim() !== '') ?? names.at(-1) ?? '';
}
