import type { DataSource, EntityManager } from 'typeorm';
import type { PersonVerdict } from '@rollcall/contract';
import { runStatement, tenantTransaction } from '@rollcall/database';
import { isFailure } from '@rollcall/directory';
import type { RequestEntry } from '@rollcall/directory';
import { foldText } from '@rollcall/scim';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { REQUESTS_EXAMINED } from '../requests/list-requests';
import { readRequests } from '../requests/read-requests';

/** What a directory knows of somebody by name, who may not be in it. */
export interface PersonFinding {
  verdict: PersonVerdict;
  /** Bare id of the user that there is or was; null when there was none. */
  userId: string | null;
  /** The newest requests about the name, newest first. */
  requests: RequestEntry[];
}

/** Requests about the name that are shown. */
const REQUESTS = 20;
/** Requests that one statement reads: a pack has others than those about the name. */
const EXAMINED_AT_ONCE = 250;

/** Finds out by userName or e-mail address whether somebody is in a directory, and if not, why. Throws AppError `directory_not_found`. */
export async function findPerson(dataSource: DataSource, scope: DirectoryScope, name: string): Promise<PersonFinding> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    await requireDirectory(manager, scope);
    const key = foldText(name.trim());
    const present = await readPresent(manager, scope, key);
    const requests = await readNewest(manager, scope, key);
    if (present) return { verdict: present.active ? 'present' : 'inactive', userId: present.id, requests };
    const userId = requests.find(({ resource_id }) => resource_id !== null)?.resource_id ?? null;
    if (userId !== null) {
      return { verdict: (await isHeld(manager, scope, userId)) ? 'held' : 'deleted', userId, requests };
    }
    return { verdict: verdictOf(requests), userId, requests };
  });
}

function verdictOf(requests: readonly RequestEntry[]): PersonVerdict {
  if (requests.some(isFailure)) return 'refused';
  return requests.length > 0 ? 'looked_up' : 'never_sent';
}

async function readPresent(
  manager: EntityManager,
  { directoryId }: DirectoryScope,
  key: string,
): Promise<{ id: string; active: boolean } | undefined> {
  const { rows } = await runStatement<{ id: string; active: boolean }>(
    manager,
    `SELECT u.id, u.active FROM directory_users u WHERE u.directory_id = $1 AND u.user_name_key = $2
     UNION ALL
     SELECT u.id, u.active FROM directory_user_emails e
       JOIN directory_users u ON u.directory_id = e.directory_id AND u.id = e.user_id
       WHERE e.directory_id = $1 AND e.value_key = $2
     LIMIT 1`,
    [directoryId, key],
  );
  return rows[0];
}

async function readNewest(
  manager: EntityManager,
  { directoryId }: DirectoryScope,
  key: string,
): Promise<RequestEntry[]> {
  const newest: RequestEntry[] = [];
  let examined = 0;
  for await (const request of readRequests(manager, { directoryId, key }, EXAMINED_AT_ONCE)) {
    if (request.user_name_key === key) newest.push(request);
    examined += 1;
    if (newest.length === REQUESTS || examined === REQUESTS_EXAMINED) break;
  }
  return newest;
}

/** Whether a user who was deleted is still published, since the deprovision guard holds the deletion back. */
async function isHeld(manager: EntityManager, { directoryId }: DirectoryScope, userId: string): Promise<boolean> {
  const { rows } = await runStatement(manager, 'SELECT 1 FROM held_users WHERE directory_id = $1 AND user_id = $2', [
    directoryId,
    userId,
  ]);
  return rows.length > 0;
}
