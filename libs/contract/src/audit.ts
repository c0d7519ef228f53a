/** What an entry of the audit log says was done: `<noun>.<verb>`. Each route and command that writes has one of these. */
export const AUDIT_ACTIONS = [
  'api_client.created',
  'api_client.revoked',
  'api_client.rotated',
  'api_client.updated',
  'attribute_mappings.updated',
  'default_role.updated',
  'delivery.retried',
  'deprovisioning.discarded',
  'deprovisioning.released',
  'directory.created',
  'directory.deleted',
  'directory.disabled',
  'directory.enabled',
  'directory.updated',
  'directory_secret.created',
  'directory_secret.regenerated',
  'directory_secret.revoked',
  'environment.created',
  'environment_limits.updated',
  'key.rotated',
  'organization.created',
  'organization.deleted',
  'organization.erased',
  'organization.updated',
  'organization_settings.updated',
  'person.erased',
  'portal_link.created',
  'portal_link.opened',
  'portal_link.revoked',
  'portal_session.ended',
  'replay.canceled',
  'replay.paused',
  'replay.resumed',
  'role.created',
  'role.deleted',
  'role.updated',
  'role_assignments.updated',
  'sign_in.refused',
  'sign_in.succeeded',
  'webhook_endpoint.created',
  'webhook_endpoint.deleted',
  'webhook_endpoint.deliveries_discarded',
  'webhook_endpoint.replayed',
  'webhook_endpoint.secret_rotated',
  'webhook_endpoint.tested',
  'webhook_endpoint.updated',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Who did it. `anonymous`: whoever was refused; `operator`: a command on the server; `system`: Rollcall itself. */
export const AUDIT_ACTOR_TYPES = ['api_client', 'member', 'portal_session', 'operator', 'system', 'anonymous'] as const;
export type AuditActorType = (typeof AUDIT_ACTOR_TYPES)[number];

/** What it was done to. */
export const AUDIT_TARGET_TYPES = [
  'api_client',
  'delivery',
  'directory',
  'directory_secret',
  'environment',
  'organization',
  'person',
  'portal_link',
  'portal_session',
  'replay',
  'role',
  'webhook_endpoint',
] as const;
export type AuditTargetType = (typeof AUDIT_TARGET_TYPES)[number];

/** What changed, by field: null for what was not there before or is not any more. */
export type AuditChanges = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
