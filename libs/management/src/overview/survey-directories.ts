import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';

/** What is amiss with a directory. `held`: its deprovision guard holds users back. */
export type DirectoryTrouble = 'held' | 'no_active_token' | 'token_expiring';

/** A directory that somebody should look at; bare ids. */
export interface TroubledDirectory {
  directoryId: string;
  name: string;
  organizationId: string;
  organizationName: string;
  trouble: DirectoryTrouble;
  /** Since when; of a token that ends: when it does. */
  time: Date | null;
  heldUsers: number;
}

export interface DirectorySurvey {
  /** How many directories were looked at. */
  surveyed: number;
  /** There are more directories than those. */
  isPartial: boolean;
  heldUsers: number;
  /** How many are troubled, and the first of them, those that hold users back first. */
  troubled: number;
  shown: TroubledDirectory[];
}

/** The newest directories, which is all of them for nearly everybody: one probe each. */
const SURVEYED_MAX = 2_000;
const SHOWN_MAX = 20;
/** As the event `secret.expiring` warns first. */
const EXPIRING_DAYS = 14;

/** Looks for directories of the environment that need somebody's attention; the cost is bounded, whatever they hold. */
export async function surveyDirectories(manager: EntityManager, environmentId: string): Promise<DirectorySurvey> {
  const { rows } = await runStatement<SurveyRow>(manager, SURVEY, [
    environmentId,
    SURVEYED_MAX + 1,
    EXPIRING_DAYS,
    SHOWN_MAX,
  ]);
  const [first] = rows;
  const found = Number(first?.surveyed ?? 0);
  return {
    surveyed: Math.min(found, SURVEYED_MAX),
    isPartial: found > SURVEYED_MAX,
    heldUsers: Number(first?.all_held ?? 0),
    troubled: Number(first?.troubled ?? 0),
    shown: rows.flatMap((row) => (row.id === null ? [] : [readTroubled(row, row.id)])),
  };
}

interface SurveyRow {
  surveyed: string;
  all_held: string;
  troubled: string;
  /** Null in the row that stands for none. */
  id: string | null;
  name: string;
  organization_id: string;
  organization_name: string;
  trouble: DirectoryTrouble;
  time: Date | null;
  held: string;
}

function readTroubled(row: SurveyRow, directoryId: string): TroubledDirectory {
  return {
    directoryId,
    name: row.name,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    trouble: row.trouble,
    time: row.time,
    heldUsers: Number(row.held),
  };
}

/** A directory that was connected and has no token that works any more, whose last one ends soon, or that holds users back. */
const SURVEY = `
  WITH surveyed AS (
    SELECT d.id, d.name, d.organization_id, d.enabled, d.first_request_time FROM directories d
    WHERE d.environment_id = $1 AND d.deleted_time IS NULL ORDER BY d.id DESC LIMIT $2
  ), weighed AS (
    SELECT s.id, s.name, s.organization_id, coalesce((c.deprovisioning #>> '{counts,held}')::bigint, 0) AS held,
      (c.deprovisioning #>> '{hold,since}')::timestamptz AS held_since, t.live, t.expire_time,
      s.enabled AND s.first_request_time IS NOT NULL AS is_in_use
    FROM surveyed s
    LEFT JOIN directory_counters c ON c.directory_id = s.id
    CROSS JOIN LATERAL (
      SELECT count(*) AS live, max(coalesce(k.expire_time, 'infinity')) AS expire_time FROM directory_secrets k
      WHERE k.environment_id = $1 AND k.directory_id = s.id AND k.revoked_time IS NULL
        AND (k.expire_time IS NULL OR k.expire_time > now())) t
  ), judged AS (
    SELECT w.*, CASE WHEN w.held_since IS NOT NULL THEN 'held' WHEN w.is_in_use AND w.live = 0 THEN 'no_active_token'
      WHEN w.is_in_use AND w.expire_time < now() + $3 * interval '1 day' THEN 'token_expiring' END AS trouble
    FROM weighed w
  )
  SELECT a.surveyed, a.all_held, a.troubled, j.id, j.name, j.organization_id, o.display_name AS organization_name, j.trouble, j.held,
    CASE j.trouble WHEN 'held' THEN j.held_since WHEN 'token_expiring' THEN j.expire_time END AS time
  FROM (SELECT count(*) AS surveyed, coalesce(sum(held), 0) AS all_held, count(trouble) AS troubled FROM judged) a
  LEFT JOIN (SELECT * FROM judged WHERE trouble IS NOT NULL ORDER BY trouble = 'held' DESC, trouble, id DESC LIMIT $4) j ON true
  LEFT JOIN organizations o ON o.environment_id = $1 AND o.id = j.organization_id
  ORDER BY j.trouble = 'held' DESC, j.trouble, j.id DESC`;
