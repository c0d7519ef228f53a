/** Catalogues that are not loaded with the page, but with the part of it that needs them: they are in a folder of their own. */
export const LATER = [
  'contacts',
  'explain',
  'groups',
  'guides',
  'hand-over',
  'health',
  'held',
  'mapping',
  'requests',
  'setup-guide',
  'users',
] as const;

export type LaterCatalogue = (typeof LATER)[number];

/** Whether a catalogue, by its name, is one of them. */
export function isLater(name: string): name is LaterCatalogue {
  return LATER.some((later) => later === name);
}
