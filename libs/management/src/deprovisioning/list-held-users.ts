import type { DataSource, EntityManager } from 'typeorm';
import { countListed, NOTHING_HELD } from '@rollcall/directory';
import type { HoldAction, UserData } from '@rollcall/contract';
import { isActive, readPublishedUser } from '@rollcall/events';
import { DirectoryCounter, tenantTransaction } from '@rollcall/database';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { readPage } from '../paging/read-page';
import type { ListStatement, Page, PageRequest } from '../paging/read-page';

/** A held user beside what is published of it. */
export interface HeldUserRow {
  id: string;
  held_time: Date;
  /** What a release does; `UPDATE` where the provider has made the user active again. */
  kind: 'DELETE' | 'DEACTIVATE' | 'UPDATE';
  published: UserData;
  is_discarded: boolean;
  /** The decision that is being carried out; null before one, and after. */
  deciding: HoldAction | null;
}

/** Held users in the order of their ids; `discarded` absent = also those whose deprovisioning was discarded. Throws AppError `directory_not_found`. */
export async function listHeldUsers(
  dataSource: DataSource,
  scope: DirectoryScope,
  { discarded }: { discarded?: boolean },
  page: PageRequest,
): Promise<Page<HeldUserRow> & { total: number }> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    await requireDirectory(manager, scope);
    const list: ListStatement = {
      columns: COLUMNS,
      from: FROM,
      where: `h.directory_id = $1${STATES[String(discarded)] ?? ''}`,
      params: [scope.directoryId],
      keys: [{ sql: 'h.user_id', type: 'text' }],
    };
    const { rows, next, prev } = await readPage<StoredRow>(manager, list, page);
    return {
      rows: rows.map(({ data, is_deleted, active, ...row }) => ({
        ...row,
        kind: is_deleted ? ('DELETE' as const) : isActive({ active }) ? ('UPDATE' as const) : ('DEACTIVATE' as const),
        published: readPublishedUser(data),
      })),
      next,
      prev,
      total: await readTotal(manager, scope, discarded),
    };
  });
}

/** The maintained counts: a hold of a whole directory is not counted for each page. */
async function readTotal(manager: EntityManager, scope: DirectoryScope, discarded?: boolean): Promise<number> {
  const { environmentId, directoryId } = scope;
  const counter = await manager.findOneByOrFail(DirectoryCounter, { environmentId, directoryId });
  return countListed(counter.deprovisioning ?? NOTHING_HELD, discarded);
}

type StoredRow = Omit<HeldUserRow, 'kind' | 'published'> & { data: string; is_deleted: boolean; active: unknown };

const COLUMNS = `h.user_id AS id, h.held_time, p.data, h.hold_id IS NULL AS is_discarded,
  h.resource IS NULL AS is_deleted, h.resource -> 'active' AS active,
  CASE WHEN j.state <> 'finished' THEN j.action END AS deciding`;

// A held user is published until its hold ends. A hold has a job from the decision on.
const FROM = `held_users h
  JOIN published_users p ON p.directory_id = h.directory_id AND p.id = h.user_id
  LEFT JOIN deprovisioning_jobs j ON j.directory_id = h.directory_id AND j.hold_id = h.hold_id`;

const STATES: Readonly<Record<string, string>> = {
  true: ' AND h.hold_id IS NULL',
  false: ' AND h.hold_id IS NOT NULL',
};
