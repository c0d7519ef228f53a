import type { EntityManager } from 'typeorm';
import { refuseBeyondLimit } from '@rollcall/directory';
import { AppError, newId, tokenSuffix } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';
import { DirectoryAlias, DirectorySecret, runStatement, sqlState, violatedConstraint } from '@rollcall/database';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { countActive, describeIssued, insertSecret } from '../secrets/issue-directory-secret';

/** How an identity provider reaches a directory at another service: nothing has to be changed there. */
export interface ForeignAccess {
  /** Of the address, as `readAlias` of libs/directory reads it. */
  alias: string;
  /** The bearer token. */
  token: string;
  /** What people call the token. */
  name: string;
}

/**
 * Lets the identity provider of a directory go on with the address and the bearer token that it has. Of the token only the hash is
 * stored, by the function for tokens of ours: another service's may have fewer random bits, but without the pepper no hash tells whether
 * a guess is right. What is there already stays. Throws AppError `directory_not_found`, `too_many_secrets`, and `external_id_taken` for the address
 * of another directory.
 */
export async function keepAccess(
  writer: Writer,
  hasher: Pick<SecretHasher, 'hashGenerated'>,
  scope: DirectoryScope,
  { alias, token, name }: ForeignAccess,
): Promise<void> {
  const secretHash = hasher.hashGenerated(token);
  await recordChange(writer, scope, async (manager) => {
    await lockDirectory(manager, scope);
    await insertAlias(manager, scope, alias);
    const { environmentId, directoryId } = scope;
    if (await manager.existsBy(DirectorySecret, { environmentId, directoryId, secretHash })) {
      return { answer: undefined, entries: [] };
    }
    refuseBeyondLimit('secrets', await countActive(manager, scope));
    const secret = await insertSecret(manager, scope, {
      id: newId(),
      secretHash,
      secretSuffix: tokenSuffix(token),
      name,
    });
    return { answer: undefined, entries: [describeIssued(scope, secret, {})] };
  });
}

async function insertAlias(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
  alias: string,
): Promise<void> {
  if (await manager.existsBy(DirectoryAlias, { environmentId, directoryId, alias })) return;
  await runStatement(
    manager,
    'INSERT INTO directory_aliases (environment_id, alias, directory_id) VALUES ($1, $2, $3)',
    [environmentId, alias, directoryId],
  ).catch(refuseTakenAlias);
}

const UNIQUE = new Set<string | undefined>(['directory_aliases_alias', 'directory_aliases_pkey']);

function refuseTakenAlias(error: unknown): never {
  if (sqlState(error) !== '23505' || !UNIQUE.has(violatedConstraint(error))) throw error;
  throw new AppError({
    kind: 'conflict',
    code: 'external_id_taken',
    message: 'The old address leads to another directory of this installation already. Delete that directory first.',
    cause: error,
  });
}
