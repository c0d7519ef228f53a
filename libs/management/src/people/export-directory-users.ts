import { EXPORTED_MAX } from '@rollcall/contract';
import type { AssignmentRules } from '@rollcall/events';
import { loadRules } from '@rollcall/pipeline-store';
import { tenantTransaction } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { directoryTarget } from '../audit/audit-target';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { LONG_READ_MS } from '../paging/read-page';
import type { PageCursor } from '../paging/read-page';
import { requireGroup } from './list-directory-groups';
import { readUserPage } from './list-directory-users';
import type { UserRow } from './list-directory-users';
import { countUsers, userList } from './user-list';
import type { UserFilter } from './user-list';

/** Rows that are read at a time, each time in a transaction of its own: a slow reader holds none. */
const SLICE = 500;

/** What an export is made of: its users in slices, and what they are normalized with. */
export interface UserExport {
  rules: AssignmentRules;
  slices: AsyncGenerator<UserRow[], void, undefined>;
}

/**
 * The users that a filter lets through, at most EXPORTED_MAX of them, in the order of their list. That they were taken along is in
 * the audit log before the first is read; what was searched for, which may be a person's name, is not.
 * Throws AppError `directory_not_found`, `group_not_found`.
 */
export async function exportDirectoryUsers(
  writer: Writer,
  scope: DirectoryScope,
  filter: UserFilter,
): Promise<UserExport> {
  return recordChange(writer, { ...scope, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    const directory = await requireDirectory(manager, scope);
    if (filter.groupId !== undefined) await requireGroup(manager, scope, filter.groupId);
    const total = await countUsers(manager, scope, filter, await userList(manager, scope.directoryId, filter));
    return {
      answer: { rules: await loadRules(manager, scope), slices: readSlices(writer, scope, filter) },
      entries: [
        {
          action: 'directory_users.exported' as const,
          target: directoryTarget(directory),
          organizationId: scope.organizationId,
          changes: findChanges({}, { users: Math.min(total, EXPORTED_MAX), ...describeFilter(filter) }),
        },
      ],
    };
  });
}

async function* readSlices(
  { dataSource }: Writer,
  scope: DirectoryScope,
  filter: UserFilter,
): AsyncGenerator<UserRow[], void, undefined> {
  let cursor: PageCursor | undefined;
  let left = EXPORTED_MAX;
  do {
    const page = { size: Math.min(SLICE, left), cursor };
    const { rows, next } = await tenantTransaction(
      dataSource,
      { ...scope, statementTimeoutMs: LONG_READ_MS },
      (manager) => readUserPage(manager, scope.directoryId, filter, page),
    );
    yield rows;
    left -= page.size;
    cursor = next ?? undefined;
  } while (cursor && left > 0);
}

function describeFilter({ groupId, updatedAfter, search, active, roleName }: UserFilter) {
  return {
    directory_group_id: groupId && publicId('dirgroup', groupId),
    updated_after: updatedAfter?.toISOString(),
    searched: search === undefined ? undefined : true,
    active,
    role_name: roleName,
  };
}
