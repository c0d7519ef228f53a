import { IsNull, Raw } from 'typeorm';
import type { DataSource } from 'typeorm';
import {
  Directory,
  DirectoryAlias,
  DirectorySecret,
  Environment,
  Organization,
  Role,
  tenantTransaction,
} from '@rollcall/database';

/** What an environment has already of what an import brings. */
export interface ImportedState {
  /** Deleted ones too, of those that came from another service. */
  organizations: Organization[];
  /** Those that came from another service, deleted ones too. */
  directories: Directory[];
  /** Alias to bare id of the directory that is reached there. */
  aliases: ReadonlyMap<string, string>;
  /** Hashes of the tokens that are known, ended ones too, by the bare id of their directory. */
  secretHashes: ReadonlyMap<string, ReadonlySet<string>>;
  roles: Role[];
  defaultRole: string | null;
}

/** Reads it at one moment. */
export async function listImported(dataSource: DataSource, environmentId: string): Promise<ImportedState> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const imported = { environmentId, externalIds: Raw((column) => `${column} <> '{}'`) };
    const directories = await manager.find(Directory, { where: imported, order: { id: 'ASC' } });
    const aliases = await manager.findBy(DirectoryAlias, { environmentId });
    const secrets = await manager
      .createQueryBuilder(DirectorySecret, 's')
      .innerJoin(DirectoryAlias, 'a', 'a.environment_id = s.environment_id AND a.directory_id = s.directory_id')
      .where('s.environment_id = :environmentId', { environmentId })
      .getMany();
    const environment = await manager.findOneBy(Environment, { id: environmentId });
    return {
      organizations: await manager.find(Organization, {
        where: [imported, { environmentId, deletedTime: IsNull() }],
        order: { id: 'ASC' },
      }),
      directories,
      aliases: new Map(aliases.map(({ alias, directoryId }) => [alias, directoryId])),
      secretHashes: groupHashes(secrets),
      roles: await manager.findBy(Role, { environmentId }),
      defaultRole: environment?.defaultMemberRole ?? null,
    };
  });
}

function groupHashes(secrets: readonly DirectorySecret[]): Map<string, Set<string>> {
  const hashes = new Map<string, Set<string>>();
  for (const { directoryId, secretHash } of secrets) {
    hashes.set(directoryId, (hashes.get(directoryId) ?? new Set()).add(secretHash));
  }
  return hashes;
}
