import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { PROVIDER_IDS, SHOWN_DIRECTORIES } from '@rollcall/contract';
import type { HealthState } from '@rollcall/contract';
import { silenceLimitMs } from '@rollcall/directory';
import { Directory, Organization, readNow, runStatement } from '@rollcall/database';
import { viewDirectories } from '../directories/find-directory';
import type { DirectoryView } from '../directories/find-directory';
import { healthOf } from '../directories/health-of';

/** What is amiss with a directory: its health, or that its deprovision guard holds users back. */
export const DIRECTORY_TROUBLES = ['held', 'refused', 'no_active_token', 'stalled', 'token_expiring'] as const;
export type DirectoryTrouble = (typeof DIRECTORY_TROUBLES)[number];

/** A directory that somebody should look at; bare ids. */
export interface TroubledDirectory {
  directoryId: string;
  name: string;
  organizationId: string;
  organizationName: string;
  trouble: DirectoryTrouble;
  /** What is wrong, in a sentence; null: it holds users back. */
  reason: string | null;
  since: Date;
  heldUsers: number;
}

export interface DirectorySurvey {
  /** How many directories were looked at. */
  surveyed: number;
  /** There are more directories than those. */
  isPartial: boolean;
  heldUsers: number;
  /** How many are troubled: of the first of them it is known, of those beyond it is likely. */
  troubled: number;
  /** The first of them, the worst first. */
  shown: TroubledDirectory[];
}

/** The newest directories, which is all of them for nearly everybody: one probe each. */
const SURVEYED_MAX = 2_000;
/** Of how many that may be troubled everything is read that their health follows from. */
const EXAMINED_MAX = 50;
/** No health looks further ahead for the end of a token. */
const EXPIRING_DAYS = 14;

/** Looks for directories of the environment that need somebody's attention; the cost is bounded, whatever they hold. */
export async function surveyDirectories(manager: EntityManager, environmentId: string): Promise<DirectorySurvey> {
  const limits = Object.fromEntries(PROVIDER_IDS.map((provider) => [provider, silenceLimitMs(provider)]));
  const { rows } = await runStatement<SurveyRow>(manager, SURVEY, [
    environmentId,
    SURVEYED_MAX + 1,
    EXPIRING_DAYS,
    EXAMINED_MAX,
    JSON.stringify(limits),
    silenceLimitMs('CUSTOM'),
  ]);
  const [first] = rows;
  const [found, suspects] = [Number(first?.surveyed ?? 0), Number(first?.suspects ?? 0)];
  const ids = rows.flatMap(({ id }) => (id === null ? [] : [id]));
  const troubled = await examine(manager, environmentId, ids);
  return {
    surveyed: Math.min(found, SURVEYED_MAX),
    isPartial: found > SURVEYED_MAX,
    heldUsers: Number(first?.all_held ?? 0),
    troubled: troubled.length + suspects - ids.length,
    shown: troubled.slice(0, SHOWN_DIRECTORIES),
  };
}

interface SurveyRow {
  surveyed: string;
  all_held: string;
  suspects: string;
  /** Null in the row that stands for none. */
  id: string | null;
}

async function examine(
  manager: EntityManager,
  environmentId: string,
  ids: readonly string[],
): Promise<TroubledDirectory[]> {
  if (ids.length === 0) return [];
  const directories = await manager.findBy(Directory, { environmentId, id: In([...ids]) });
  const views = await viewDirectories(manager, environmentId, directories);
  const owners = new Set(directories.map(({ organizationId }) => organizationId));
  const organizations = await manager.findBy(Organization, { environmentId, id: In([...owners]) });
  const names = new Map(organizations.map(({ id, displayName }) => [id, displayName]));
  const now = await readNow(manager);
  const troubled = views.flatMap((view) => {
    const found = troubleOf(view, now);
    const { id: directoryId, name, organizationId } = view.directory;
    const organizationName = names.get(organizationId) ?? '';
    return found ? [{ directoryId, name, organizationId, organizationName, ...found }] : [];
  });
  return troubled.toSorted((a, b) => rank(a) - rank(b) || a.since.getTime() - b.since.getTime());
}

function troubleOf(
  view: DirectoryView,
  now: Date,
): Pick<TroubledDirectory, 'trouble' | 'reason' | 'since' | 'heldUsers'> | null {
  const { hold, counts } = view.deprovisioning;
  const heldUsers = counts.held;
  if (hold) return { trouble: 'held', reason: null, since: new Date(hold.since), heldUsers };
  const { state, reason, since } = healthOf(view, now);
  // Without a first request it is being set up: that is nothing to worry about.
  const isBegun = view.directory.firstRequestTime !== null || state === 'refused';
  return isTrouble(state) && isBegun ? { trouble: state, reason, since, heldUsers } : null;
}

function isTrouble(state: HealthState): state is Exclude<DirectoryTrouble, 'held'> {
  return DIRECTORY_TROUBLES.some((trouble) => trouble === state);
}

function rank({ trouble }: TroubledDirectory): number {
  return DIRECTORY_TROUBLES.indexOf(trouble);
}

/** Directories that hold users back, or whose health may be something to look at: no fewer than those of which it is so. */
const SURVEY = `
  WITH surveyed AS (
    SELECT d.id, d.organization_id, d.directory_provider, d.enabled, d.first_request_time, d.refused_since FROM directories d
    WHERE d.environment_id = $1 AND d.deleted_time IS NULL ORDER BY d.id DESC LIMIT $2
  ), weighed AS (
    SELECT s.id, coalesce((c.deprovisioning #>> '{counts,held}')::bigint, 0) AS held,
      c.deprovisioning #>> '{hold,since}' IS NOT NULL AS is_held,
      s.enabled AND o.dir_sync_enabled AND (s.refused_since IS NOT NULL OR s.first_request_time IS NOT NULL AND (
        t.live = 0 OR t.first_end < now() + $3 * interval '1 day'
        OR coalesce(t.last_used_time, s.first_request_time) < now() - coalesce(($5::jsonb ->> s.directory_provider)::float8, $6::float8) * interval '1 millisecond'
      )) AS is_suspect
    FROM surveyed s
    JOIN organizations o ON o.environment_id = $1 AND o.id = s.organization_id
    LEFT JOIN directory_counters c ON c.directory_id = s.id
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE k.is_live) AS live, min(k.expire_time) FILTER (WHERE k.is_live) AS first_end,
        max(k.last_used_time) AS last_used_time
      FROM (SELECT e.expire_time, e.last_used_time,
          e.revoked_time IS NULL AND (e.expire_time IS NULL OR e.expire_time > now()) AS is_live
        FROM directory_secrets e WHERE e.environment_id = $1 AND e.directory_id = s.id) k) t
  )
  SELECT a.surveyed, a.all_held, a.suspects, j.id
  FROM (SELECT count(*) AS surveyed, coalesce(sum(held), 0) AS all_held, count(*) FILTER (WHERE is_held OR is_suspect) AS suspects
    FROM weighed) a
  LEFT JOIN (SELECT w.id, w.is_held FROM weighed w WHERE w.is_held OR w.is_suspect ORDER BY w.is_held DESC, w.id DESC LIMIT $4) j
    ON true`;
