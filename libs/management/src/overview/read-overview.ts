import type { DataSource, EntityManager } from 'typeorm';
import { readNow, runStatement, tenantTransaction } from '@rollcall/database';
import { LONG_READ_MS } from '../paging/read-page';
import { readTraffic } from './read-traffic';
import type { OverviewPeriod, TrafficOfPeriod } from './read-traffic';
import { surveyDirectories } from './survey-directories';
import type { DirectorySurvey } from './survey-directories';

/** How an environment fares; ids are bare. */
export interface Overview {
  traffic: TrafficOfPeriod;
  directories: DirectorySurvey;
  /** The change that has waited longest to be published; null: none waits. */
  oldestChange: { directoryId: string; organizationId: string; occurredAt: Date } | null;
  endpoints: EndpointSurvey;
}

interface EndpointSurvey {
  total: number;
  disabled: number;
  /** Endpoints whose circuit is open: nothing but a probe goes out. */
  circuitOpen: { endpointId: string; url: string; openUntil: Date }[];
}

/** Directories whose changes are looked for. */
const DIRECTORIES_MAX = 2_000;

/**
 * How the environment fares now, and its traffic of a period. What it costs is bounded by the numbers above: traffic is read from
 * what the workers have counted.
 */
export async function readOverview(
  dataSource: DataSource,
  environmentId: string,
  period: OverviewPeriod,
): Promise<Overview> {
  return tenantTransaction(dataSource, { environmentId, statementTimeoutMs: LONG_READ_MS }, async (manager) => ({
    traffic: await readTraffic(manager, environmentId, period, await readNow(manager)),
    directories: await surveyDirectories(manager, environmentId),
    oldestChange: await findOldestChange(manager),
    endpoints: await surveyEndpoints(manager, environmentId),
  }));
}

async function findOldestChange(manager: EntityManager): Promise<Overview['oldestChange']> {
  const { rows } = await runStatement<{ directory_id: string; organization_id: string; occurred_at: Date }>(
    manager,
    'SELECT directory_id, organization_id, occurred_at FROM find_oldest_change_of_environment($1)',
    [DIRECTORIES_MAX],
  );
  const [row] = rows;
  if (!row) return null;
  return { directoryId: row.directory_id, organizationId: row.organization_id, occurredAt: row.occurred_at };
}

/** An environment may have no more endpoints than a number that is small. */
async function surveyEndpoints(manager: EntityManager, environmentId: string): Promise<EndpointSurvey> {
  const { rows } = await runStatement<{ id: string; url: string; enabled: boolean; open_until: Date | null }>(
    manager,
    `SELECT e.id, e.url, e.enabled, CASE WHEN h.cooling_until > now() THEN h.cooling_until END AS open_until
     FROM webhook_endpoints e
     LEFT JOIN webhook_endpoint_health h ON h.environment_id = e.environment_id AND h.endpoint_id = e.id
     WHERE e.environment_id = $1 ORDER BY e.id`,
    [environmentId],
  );
  return {
    total: rows.length,
    disabled: rows.filter(({ enabled }) => !enabled).length,
    circuitOpen: rows.flatMap(({ id, url, enabled, open_until: openUntil }) =>
      enabled && openUntil ? [{ endpointId: id, url, openUntil }] : [],
    ),
  };
}
