import { LRUCache } from 'lru-cache';
import { poolOf } from '@rollcall/database';
import { isForeignToken } from '@rollcall/directory';
import type { SecretHasher } from '@rollcall/platform';
import { findDirectoryAtAlias } from '@rollcall/scim-store';
import { readBearerToken } from '../scim/auth/read-bearer-token';
import type { Installation } from './installation';
import { cellUnavailable } from './refusals';

const REMEMBERED = 50_000;
/** An alias can be given to another directory, once the one that had it is deleted. */
const KNOWN_MS = 60_000;
const UNKNOWN_MS = 5_000;

/** Finds the directory that is reached at another service's address, in whichever cell it is. */
export interface AliasFinder {
  /** Its bare id; null when no cell has one. Throws AppError 503 when a cell that does not answer may have it. */
  find(alias: string, authorization: string | undefined): Promise<string | null>;
}

/** Several cells may have the alias: of these the one that has the token, too. */
export function createAliasFinder(
  { cells, placements }: Installation,
  hasher: Pick<SecretHasher, 'hashGenerated'>,
): AliasFinder {
  const known = new LRUCache<string, string>({ max: REMEMBERED, ttl: KNOWN_MS });
  const unknown = new LRUCache<string, true>({ max: REMEMBERED, ttl: UNKNOWN_MS });

  async function lookEverywhere(alias: string, hash: string | null): Promise<string | null> {
    const answers = await Promise.allSettled(
      cells.map((cell) => cell.look((store) => findDirectoryAtAlias(poolOf(store), alias, hash))),
    );
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value ? [answer.value] : []));
    const reached = found.find(({ caller }) => caller !== null);
    if (reached) return reached.directoryId;
    if (answers.some(({ status }) => status === 'rejected')) throw cellUnavailable();
    return found[0]?.directoryId ?? null;
  }

  return {
    find: async (alias, authorization) => {
      const token = readBearerToken(authorization);
      const hash = token !== undefined && isForeignToken(token) ? hasher.hashGenerated(token) : null;
      const key = `${alias} ${hash}`;
      const directoryId = known.get(key);
      if (directoryId !== undefined) return directoryId;
      if (unknown.has(key)) return null;
      const found = await placements.lookUp('alias', () => lookEverywhere(alias, hash));
      if (found === null) unknown.set(key, true);
      else known.set(key, found);
      return found;
    },
  };
}
