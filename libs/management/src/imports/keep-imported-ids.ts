import type { EntityManager } from 'typeorm';
import { ImportedId } from '@rollcall/database';

/** What came from another service: an organization or a directory, by its bare id. */
interface Imported {
  environmentId: string;
  kind: ImportedId['kind'];
  id: string;
}

/**
 * Lets something be found by the ids that it has at other services (`findImported`). Belongs into the transaction that writes its
 * `external_ids`.
 * @param before what these were; `{}` for what is new
 */
export async function keepImportedIds(
  manager: EntityManager,
  imported: Imported,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Promise<void> {
  const past = rowsOf(imported, before).filter(({ service, foreignId }) => after[service] !== foreignId);
  for (const row of past) await manager.delete(ImportedId, row);
  const added = rowsOf(imported, after).filter(({ service, foreignId }) => before[service] !== foreignId);
  // A process of the version before changes external_ids alone, and may leave a row that is added again.
  if (added.length > 0) await manager.createQueryBuilder().insert().into(ImportedId).values(added).orIgnore().execute();
}

function rowsOf({ environmentId, kind, id }: Imported, externalIds: Readonly<Record<string, string>>): ImportedId[] {
  return Object.entries(externalIds).map(([service, foreignId]) => ({
    environmentId,
    service,
    kind,
    foreignId,
    ownId: id,
  }));
}
