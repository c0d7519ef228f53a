import type { Messages } from '@lingui/core';

/** All messages of one language, from its catalogues by path. A message that is in several of them says the same in each. */
export function joinCatalogues(catalogues: Record<string, unknown>): Messages {
  return Object.assign({}, ...(Object.values(catalogues) as Messages[])) as Messages;
}
