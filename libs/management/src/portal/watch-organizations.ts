import type { DataSource } from 'typeorm';
import { callFunction, poolOf } from '@rollcall/database';
import type { OrganizationScope } from '../directories/find-directory';

/** What changes whenever something that is shown of a directory does, by its bare id; '' stands for the organization itself. */
export type LiveMarks = ReadonlyMap<string, string>;

/** A session that looks at an environment, as bare ids. */
export interface WatchedSession {
  environmentId: string;
  id: string;
}

/** The marks of several organizations, of whatever environments, with one statement; by the organization's bare id. */
export async function readLiveMarks(
  dataSource: DataSource,
  scopes: readonly OrganizationScope[],
): Promise<Map<string, LiveMarks>> {
  const rows = await callFunction<{ organization_id: string; directory_id: string; mark: string }>(
    poolOf(dataSource),
    'read_live_marks',
    [scopes.map(({ environmentId }) => environmentId), scopes.map(({ organizationId }) => organizationId)],
  );
  const marks = new Map(scopes.map(({ organizationId }) => [organizationId, new Map<string, string>()]));
  for (const { organization_id, directory_id, mark } of rows) marks.get(organization_id)?.set(directory_id, mark);
  return marks;
}

/** The ids of those sessions that are open, with one statement. */
export async function findOpenSessions(
  dataSource: DataSource,
  sessions: readonly WatchedSession[],
): Promise<ReadonlySet<string>> {
  const rows = await callFunction<{ id: string }>(poolOf(dataSource), 'find_open_portal_sessions', [
    sessions.map(({ environmentId }) => environmentId),
    sessions.map(({ id }) => id),
  ]);
  return new Set(rows.map(({ id }) => id));
}

/** Those sessions of the dashboard that are open, and whose members are still in the environment, with one statement. */
export async function findOpenMemberSessions(
  dataSource: DataSource,
  sessions: readonly (WatchedSession & { memberId: string })[],
): Promise<WatchedSession[]> {
  const rows = await callFunction<{ environment_id: string; id: string }>(
    poolOf(dataSource),
    'find_open_member_sessions',
    [
      sessions.map(({ environmentId }) => environmentId),
      sessions.map(({ memberId }) => memberId),
      sessions.map(({ id }) => id),
    ],
  );
  return rows.map(({ environment_id: environmentId, id }) => ({ environmentId, id }));
}
