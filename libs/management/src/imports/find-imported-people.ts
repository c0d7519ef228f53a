import type { DataSource } from 'typeorm';
import { runStatement, tenantTransaction } from '@rollcall/database';
import { importedId } from '@rollcall/directory';
import { runInSlices } from '@rollcall/platform';

/**
 * The bare ids of users and groups of an environment that came from another service, by the ids that they had there, for callers that
 * do not know the directory. It takes a look at each directory that came from there, by index, and at no other. Who is not known, or was
 * deleted, is left out.
 * @param service by its name in `external_ids`
 */
export async function findImportedPeople(
  dataSource: DataSource,
  { environmentId, service }: { environmentId: string; service: string },
  ids: readonly string[],
): Promise<Map<string, string>> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { rows: directories } = await runStatement<{ id: string }>(
      manager,
      `SELECT own_id AS id FROM imported_ids WHERE environment_id = $1 AND service = $2 AND kind = 'dir'`,
      [environmentId, service],
    );
    const candidates = await runInSlices(listCandidates(directories, ids));
    const { rows: found } = await runStatement<{ id: string }>(
      manager,
      'SELECT id FROM find_imported_resources($1, $2::text[], $3::text[])',
      [environmentId, candidates.map(({ directoryId }) => directoryId), candidates.map(({ id }) => id)],
    );
    const there = new Set(found.map(({ id }) => id));
    return new Map(candidates.flatMap(({ theirs, id }) => (there.has(id) ? [[theirs, id] as const] : [])));
  });
}

interface Candidate {
  theirs: string;
  directoryId: string;
  /** What it would have here if it came with this directory. */
  id: string;
}

function* listCandidates(directories: readonly { id: string }[], ids: readonly string[]): Generator<void, Candidate[]> {
  const candidates: Candidate[] = [];
  for (const { id: directoryId } of directories) {
    for (const theirs of ids) candidates.push({ theirs, directoryId, id: importedId(directoryId, theirs) });
    yield;
  }
  return candidates;
}
