import type { DataSource } from 'typeorm';

/** An erasure; bare ids. */
export interface ErasureKey {
  environmentId: string;
  erasureId: string;
}

/** Up to `limit` erasures behind the given id ('' = from the start) that are not finished, oldest first. */
export async function findErasures(dataSource: DataSource, after: string, limit: number): Promise<ErasureKey[]> {
  const rows = await dataSource.query<{ environment_id: string; erasure_id: string }[]>(
    'SELECT environment_id, erasure_id FROM find_erasures($1, $2)',
    [after, limit],
  );
  return rows.map((row) => ({ environmentId: row.environment_id, erasureId: row.erasure_id }));
}
