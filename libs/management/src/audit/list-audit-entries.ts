import type { DataSource, EntityManager } from 'typeorm';
import type { AuditAction, AuditActorType, AuditChanges, AuditTargetType } from '@rollcall/contract';
import { tenantTransaction } from '@rollcall/database';
import { readPage } from '../paging/read-page';
import type { ListStatement, Page, PageRequest } from '../paging/read-page';

/** Which entries; absent = all. */
export interface AuditFilter {
  /** Bare: the one organization that the reader may see. */
  only?: string;
  /** Bare id. */
  organizationId?: string;
  actorId?: string;
  action?: AuditAction;
  targetId?: string;
  /** Inclusive, as `toTime`. */
  fromTime?: Date;
  toTime?: Date;
}

/** An entry as it is stored; the organization's id is bare. */
export interface AuditRow {
  id: string;
  occurred_at: Date;
  actor_type: AuditActorType;
  actor_id: string | null;
  actor_name: string | null;
  action: AuditAction;
  target_type: AuditTargetType;
  target_id: string | null;
  target_name: string | null;
  organization_id: string | null;
  ip_address: string | null;
  request_id: string | null;
  changes: AuditChanges;
}

/** Rows of an export that are read at a time, each time in a transaction of its own: a slow reader holds none. */
const SLICE = 200;

/** The entries of an environment's audit log, newest first. */
export function listAuditEntries(
  dataSource: DataSource,
  environmentId: string,
  filter: AuditFilter,
  page: PageRequest,
): Promise<Page<AuditRow>> {
  return tenantTransaction(dataSource, { environmentId }, (manager) =>
    readEntries(manager, environmentId, filter, page),
  );
}

/** All of them, newest first, in slices; entries that are written meanwhile are not among them. */
export async function* exportAuditEntries(
  dataSource: DataSource,
  environmentId: string,
  filter: AuditFilter,
): AsyncGenerator<AuditRow[], void, undefined> {
  let cursor: PageRequest['cursor'];
  do {
    const page = await listAuditEntries(dataSource, environmentId, filter, { size: SLICE, cursor });
    yield page.rows;
    cursor = page.next ?? undefined;
  } while (cursor);
}

function readEntries(
  manager: EntityManager,
  environmentId: string,
  filter: AuditFilter,
  page: PageRequest,
): Promise<Page<AuditRow>> {
  const conditions: [sql: (parameter: string) => string, value: unknown][] = [
    [(parameter) => `a.environment_id = ${parameter}`, environmentId],
    [(parameter) => `a.organization_id = ${parameter}`, filter.only],
    [(parameter) => `a.organization_id = ${parameter}`, filter.organizationId],
    [(parameter) => `a.actor_id = ${parameter}`, filter.actorId],
    [(parameter) => `a.action = ${parameter}`, filter.action],
    [(parameter) => `a.target_id = ${parameter}`, filter.targetId],
    [(parameter) => `a.id >= ulid_floor(greatest(${parameter}::timestamptz, 'epoch'))`, filter.fromTime],
    [(parameter) => `a.id < ulid_floor(greatest(${parameter}::timestamptz + interval '1 ms', 'epoch'))`, filter.toTime],
  ];
  // A condition that is not asked for is not there: each combination then has the plan of its own index.
  const asked = conditions.filter(([, value]) => value !== undefined);
  const list: ListStatement = {
    columns: `a.id, ulid_time(a.id) AS occurred_at, a.actor_type, a.actor_id, a.actor_name, a.action, a.target_type, a.target_id,
      a.target_name, a.organization_id, a.ip_address, a.request_id, a.changes`,
    from: 'audit_log a',
    where: asked.map(([sql], index) => sql(`$${index + 1}`)).join(' AND '),
    params: asked.map(([, value]) => value),
    keys: [{ sql: 'a.id', type: 'text' }],
    descending: true,
  };
  return readPage<AuditRow>(manager, list, page);
}
