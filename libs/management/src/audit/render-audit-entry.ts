import { publicId } from '@rollcall/platform';
import type { AuditRow } from './list-audit-entries';

/** An entry of the audit log as the API shows it. */
export function renderAuditEntry(row: AuditRow) {
  return {
    id: publicId('aud', row.id),
    occurred_at: row.occurred_at.toISOString(),
    actor: { type: row.actor_type, id: row.actor_id, name: row.actor_name },
    action: row.action,
    target: { type: row.target_type, id: row.target_id, name: row.target_name },
    organization_id: row.organization_id === null ? null : publicId('org', row.organization_id),
    ip_address: row.ip_address,
    request_id: row.request_id,
    changes: row.changes,
  };
}
