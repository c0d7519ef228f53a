import type { EntityManager } from 'typeorm';
import type { AuditAction, AuditActorType, AuditChanges, AuditTargetType } from '@rollcall/contract';
import { newId } from '@rollcall/platform';
import { runStatement } from '../run-statement';
import { boundChanges, boundName } from './bound-changes';

/** Who writes, and in which request. It comes from the credential and the connection, never from what was sent. */
export interface Author {
  actor: Actor;
  /** Null: no request, such as a command. */
  ipAddress: string | null;
  requestId: string | null;
}

export interface Actor {
  type: AuditActorType;
  /** As the API shows it. */
  id: string | null;
  name: string | null;
}

/** One thing that was done. */
export interface AuditEntry {
  action: AuditAction;
  /** Its id as the API shows it. */
  target: { type: AuditTargetType; id: string | null; name?: string | null };
  /** Bare; null: it concerns no single organization. */
  organizationId: string | null;
  /** Without anything secret. */
  changes?: AuditChanges;
}

/** Whoever runs a command on the server. */
export const OPERATOR: Author = {
  actor: { type: 'operator', id: null, name: null },
  ipAddress: null,
  requestId: null,
};

/** Writes entries of the audit log of an environment, in the transaction of what they tell, with one statement. */
export async function writeAuditEntries(
  manager: EntityManager,
  environmentId: string,
  { actor, ipAddress, requestId }: Author,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await runStatement(
    manager,
    `INSERT INTO audit_log (environment_id, id, actor_type, actor_id, actor_name, action, target_type, target_id, target_name,
       organization_id, ip_address, request_id, changes)
     SELECT $1, e.id, $3, $4, $5, e.action, e.target_type, e.target_id, e.target_name, e.organization_id, $6, $7, e.changes
     FROM jsonb_to_recordset($2) AS e (id text, action text, target_type text, target_id text, target_name text,
       organization_id text, changes jsonb)`,
    [
      environmentId,
      JSON.stringify(entries.map(toRow)),
      actor.type,
      actor.id,
      boundName(actor.name),
      ipAddress,
      requestId,
    ],
  );
}

function toRow({ action, target, organizationId, changes = {} }: AuditEntry) {
  return {
    id: newId(),
    action,
    target_type: target.type,
    target_id: target.id,
    target_name: boundName(target.name ?? null),
    organization_id: organizationId,
    changes: boundChanges(changes),
  };
}
