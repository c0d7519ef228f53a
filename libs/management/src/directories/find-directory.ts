import { In, IsNull } from 'typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { directoryStatus, secretStatus } from '@rollcall/directory';
import type { DirectoryStatus } from '@rollcall/contract';
import {
  Directory,
  DirectorySecret,
  RulesJob,
  tenantTransaction,
  readNow,
  notFound,
  runStatement,
} from '@rollcall/database';
import { KINDS_OF_OWNERS } from '@rollcall/events';
import { viewDeprovisioning } from '../deprovisioning/view-deprovisioning';
import type { DeprovisioningView } from '../deprovisioning/view-deprovisioning';
import { countInactiveUsers } from '../people/count-inactive-users';
import { readTraffic } from './read-traffic';
import type { DirectoryTraffic } from './read-traffic';

/** The organization that a caller acts in, as bare ids; both come from the credential or were checked against it. */
export interface OrganizationScope {
  environmentId: string;
  organizationId: string;
}

/** One directory of an organization. */
export interface DirectoryScope extends OrganizationScope {
  directoryId: string;
}

/** A directory with what is shown beside its row. */
export interface DirectoryView {
  directory: Directory;
  status: DirectoryStatus;
  lastSyncedAt: Date | null;
  /** Of its sequences; see `EventEnvelope`. */
  epoch: number;
  totalUsers: number;
  totalGroups: number;
  /** Of the users; null in a list of directories, where nobody counts them. */
  inactiveUsers: number | null;
  traffic: DirectoryTraffic;
  /** Newest first, at most 20. */
  secrets: DirectorySecret[];
  /** The pass that applies the newest rules to the users; null before the first. */
  rulesJob: RulesJob | null;
  deprovisioning: DeprovisioningView;
}

const NOTHING_TO_DECIDE: DeprovisioningView = {
  guard: null,
  hold: null,
  counts: { held: 0, deciding: 0, discarded: 0 },
  job: null,
};

const NO_TRAFFIC: DirectoryTraffic = {
  featureEnabled: false,
  featureChangedTime: null,
  lastRequestTime: null,
  refusals: [],
  progress: { userTime: null, groupTime: null, memberTime: null, roleTime: null, deactivationTime: null },
};

/** Secrets shown with a directory; older ones are in the list of its secrets. */
const SECRETS_SHOWN = 20;

/** Throws AppError `directory_not_found`. */
export async function findDirectory(dataSource: DataSource, scope: DirectoryScope): Promise<DirectoryView> {
  return tenantTransaction(dataSource, scope, async (manager) =>
    viewDirectory(manager, await requireDirectory(manager, scope)),
  );
}

/** Those of these directories of an organization that there are, by age, with as many statements as one takes. */
export async function findDirectories(
  dataSource: DataSource,
  { environmentId, organizationId }: OrganizationScope,
  directoryIds: readonly string[],
): Promise<DirectoryView[]> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const directories = await manager.find(Directory, {
      where: { environmentId, organizationId, id: In([...directoryIds]), deletedTime: IsNull() },
      order: { id: 'ASC' },
    });
    return viewWithInactive(manager, environmentId, directories);
  });
}

/** The row alone, within a transaction. Throws AppError `directory_not_found`. */
export async function requireDirectory(manager: EntityManager, scope: DirectoryScope): Promise<Directory> {
  const directory = await manager.findOneBy(Directory, directoryKey(scope));
  if (!directory) throw notFound('directory');
  return directory;
}

/** The row alone, locked against changes until the end of the transaction. */
export async function lockDirectory(manager: EntityManager, scope: DirectoryScope): Promise<Directory> {
  const directory = await manager.findOne(Directory, {
    where: directoryKey(scope),
    lock: { mode: 'pessimistic_write' },
  });
  if (!directory) throw notFound('directory');
  return directory;
}

/** Completes directories of one environment, in the given order. */
export async function viewDirectories(
  manager: EntityManager,
  environmentId: string,
  directories: readonly Directory[],
): Promise<DirectoryView[]> {
  const ids = directories.map(({ id }) => id);
  const totals = await readTotals(manager, environmentId, ids);
  const secrets = await readSecrets(manager, environmentId, ids);
  const jobs = await manager.findBy(RulesJob, { environmentId, directoryId: In(ids) });
  const deprovisioning = await viewDeprovisioning(manager, environmentId, ids);
  const traffic = await readTraffic(manager, environmentId, ids);
  const now = await readNow(manager);
  return directories.map((directory) => {
    const own = secrets.filter(({ directoryId }) => directoryId === directory.id);
    const total = totals.get(directory.id);
    return {
      directory,
      status: directoryStatus(
        directory.firstRequestTime,
        own.some((secret) => secretStatus(secret, now) === 'ACTIVE'),
      ),
      lastSyncedAt: total?.last_synced_at ?? null,
      epoch: Number(total?.epoch ?? 1),
      totalUsers: Number(total?.total_users ?? 0),
      totalGroups: Number(total?.total_groups ?? 0),
      inactiveUsers: null,
      traffic: traffic.get(directory.id) ?? NO_TRAFFIC,
      secrets: own,
      rulesJob: jobs.find(({ directoryId }) => directoryId === directory.id) ?? null,
      deprovisioning: deprovisioning.get(directory.id) ?? NOTHING_TO_DECIDE,
    };
  });
}

/** Completes one directory. */
export async function viewDirectory(manager: EntityManager, directory: Directory): Promise<DirectoryView> {
  const [view] = await viewWithInactive(manager, directory.environmentId, [directory]);
  if (!view) throw notFound('directory');
  return view;
}

async function viewWithInactive(
  manager: EntityManager,
  environmentId: string,
  directories: readonly Directory[],
): Promise<DirectoryView[]> {
  const views = await viewDirectories(manager, environmentId, directories);
  const ids = directories.map(({ id }) => id);
  const inactive = await countInactiveUsers(manager, environmentId, ids);
  return views.map((view) => ({ ...view, inactiveUsers: inactive.get(view.directory.id) ?? 0 }));
}

function directoryKey({ environmentId, organizationId, directoryId }: DirectoryScope) {
  return { environmentId, organizationId, id: directoryId, deletedTime: IsNull() };
}

interface TotalsRow {
  directory_id: string;
  total_users: string;
  total_groups: string;
  last_synced_at: Date | null;
  epoch: string;
}

async function readTotals(
  manager: EntityManager,
  environmentId: string,
  ids: readonly string[],
): Promise<Map<string, TotalsRow>> {
  const { rows } = await runStatement<TotalsRow>(
    manager,
    `SELECT directory_id, t.total_users, t.total_groups, t.last_synced_at, c.epoch
     FROM read_directory_totals($1, $2, $3) t JOIN directory_counters c USING (directory_id)`,
    [environmentId, ids, KINDS_OF_OWNERS],
  );
  return new Map(rows.map((row) => [row.directory_id, row]));
}

/** A live secret always ranks before the others, so that the newest dead ones cannot hide it. */
async function readSecrets(
  manager: EntityManager,
  environmentId: string,
  ids: readonly string[],
): Promise<DirectorySecret[]> {
  const { rows } = await runStatement<{ id: string }>(
    manager,
    `SELECT s.id FROM unnest($2::text[]) AS d (id), LATERAL (
       SELECT s.id FROM directory_secrets s WHERE s.environment_id = $1 AND s.directory_id = d.id
       ORDER BY (s.revoked_time IS NULL AND (s.expire_time IS NULL OR s.expire_time > now())) DESC, s.id DESC
       LIMIT ${SECRETS_SHOWN}) s`,
    [environmentId, ids],
  );
  return manager.find(DirectorySecret, {
    where: { environmentId, directoryId: In([...ids]), id: In(rows.map(({ id }) => id)) },
    order: { id: 'DESC' },
  });
}
