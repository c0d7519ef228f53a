import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { RefusalCount } from '@rollcall/directory';
import { DirectoryRefusal, runStatement } from '@rollcall/database';

/** When each kind of traffic came first; null: it has not come yet. */
export interface SetupProgress {
  userTime: Date | null;
  groupTime: Date | null;
  memberTime: Date | null;
  /** A user came with a role that the provider gave them. */
  roleTime: Date | null;
  /** A user lost access: made inactive or deleted. */
  deactivationTime: Date | null;
}

/** What is kept of the requests of a directory's identity provider, and whether its organization has Directory Sync. */
export interface DirectoryTraffic {
  featureEnabled: boolean;
  featureChangedTime: Date | null;
  /** Of the last request that was accepted, to the minute. */
  lastRequestTime: Date | null;
  refusals: RefusalCount[];
  progress: SetupProgress;
}

interface TrafficRow {
  directory_id: string;
  dir_sync_enabled: boolean;
  dir_sync_changed_time: Date | null;
  last_used_time: Date | null;
  first_user_time: Date | null;
  first_group_time: Date | null;
  first_member_time: Date | null;
  first_role_time: Date | null;
  first_deactivation_time: Date | null;
}

/** The traffic of directories of one environment, by their ids. */
export async function readTraffic(
  manager: EntityManager,
  environmentId: string,
  ids: readonly string[],
): Promise<Map<string, DirectoryTraffic>> {
  const { rows } = await runStatement<TrafficRow>(manager, TRAFFIC, [environmentId, ids]);
  const refusals = await manager.findBy(DirectoryRefusal, { environmentId, directoryId: In([...ids]) });
  return new Map(
    rows.map((row) => [
      row.directory_id,
      {
        featureEnabled: row.dir_sync_enabled,
        featureChangedTime: row.dir_sync_changed_time,
        lastRequestTime: row.last_used_time,
        refusals: refusals.filter(({ directoryId }) => directoryId === row.directory_id).map(toCount),
        progress: {
          userTime: row.first_user_time,
          groupTime: row.first_group_time,
          memberTime: row.first_member_time,
          roleTime: row.first_role_time,
          deactivationTime: row.first_deactivation_time,
        },
      },
    ]),
  );
}

const TRAFFIC = `
  SELECT d.id AS directory_id, o.dir_sync_enabled, o.dir_sync_changed_time, s.last_used_time,
    c.first_user_time, c.first_group_time, c.first_member_time, c.first_role_time, c.first_deactivation_time
  FROM directories d
    JOIN organizations o ON o.environment_id = d.environment_id AND o.id = d.organization_id
    JOIN directory_counters c ON c.directory_id = d.id,
    LATERAL (SELECT max(s.last_used_time) AS last_used_time FROM directory_secrets s
      WHERE s.environment_id = d.environment_id AND s.directory_id = d.id) s
  WHERE d.environment_id = $1 AND d.id = ANY ($2)`;

function toCount({ reason, status, scimType, count, firstTime, lastTime }: DirectoryRefusal): RefusalCount {
  return { reason, status, scimType, count: Number(count), firstTime, lastTime };
}
