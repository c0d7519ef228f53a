import type { DataSource } from 'typeorm';
import { callFunction, poolOf } from '@rollcall/database';
import type { OrganizationScope } from '../directories/find-directory';

/** What changes whenever something that is shown of a directory does, by its bare id; '' stands for the organization itself. */
export type LiveMarks = ReadonlyMap<string, string>;

/** A portal session as bare ids. */
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
