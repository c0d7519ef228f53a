import { LRUCache } from 'lru-cache';
import { admitApiClient } from '@rollcall/management';
import { accessTokenKeys, parseToken, verifyAccessToken } from '@rollcall/platform';
import type { IngressConfig } from '../http/context.module';
import { readBearerToken } from '../scim/auth/read-bearer-token';
import type { Cell } from './cell';
import type { Placements } from './placements';
import { cellUnavailable } from './refusals';

const REMEMBERED = 10_000;

/** Finds the environment that a credential of the API names. Whether the credential is good, each cell says that is asked with it. */
export interface EnvironmentFinder {
  /** Its bare id; null when nobody knows the credential. Throws AppError 503 when a cell that does not answer may know it. */
  find(authorization: string | undefined): Promise<string | null>;
}

/** @param cells all of them: a client of one organization is known where that lives */
export function createEnvironmentFinder(
  { cells, placements }: { cells: readonly Cell[]; placements: Placements },
  config: IngressConfig,
): EnvironmentFinder {
  const tokens = { keys: accessTokenKeys(config), issuer: config.publicUrl };
  /** By the id of an API key, which is of one environment for good. */
  const known = new LRUCache<string, string>({ max: REMEMBERED });

  async function lookEverywhere(secretId: string): Promise<string | null> {
    const answers = await Promise.allSettled(
      cells.map((cell) => cell.look((store) => admitApiClient(store, secretId))),
    );
    for (const answer of answers) if (answer.status === 'fulfilled' && answer.value) return answer.value.environmentId;
    if (answers.some(({ status }) => status === 'rejected')) throw cellUnavailable();
    return null;
  }

  return {
    find: async (authorization) => {
      const credential = readBearerToken(authorization);
      if (credential === undefined) return null;
      if (!credential.startsWith('sk_')) return (await verifyAccessToken(credential, tokens))?.environmentId ?? null;
      const secretId = parseToken(credential, 'sk')?.secretId;
      if (secretId === undefined) return null;
      const environmentId = known.get(secretId);
      if (environmentId !== undefined) return environmentId;
      const found = await placements.lookUp('credential', () => lookEverywhere(secretId));
      if (found !== null) known.set(secretId, found);
      return found;
    },
  };
}
