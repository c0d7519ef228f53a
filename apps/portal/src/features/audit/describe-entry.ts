import type { AuditEntry } from '@rollcall/sdk';

const ACTORS: Readonly<Record<AuditEntry['actor']['type'], string>> = {
  api_client: 'API client',
  member: 'Member',
  portal_session: 'IT admin',
  operator: 'Operator of the server',
  system: 'Rollcall',
  anonymous: 'Somebody without valid credentials',
};

/** Who it was: a name that somebody gave, and what kind of actor has it. */
export function describeActor({ type, id, name }: AuditEntry['actor']): { name: string; kind: string | null } {
  const kind = ACTORS[type];
  const known = name ?? id;
  return known === null ? { name: kind, kind: null } : { name: known, kind };
}

/** What the object is called; null where the entry names none. */
export function nameTarget({ id, name }: AuditEntry['target']): string | null {
  return name ?? id;
}

/** Where the dashboard shows the object; null where it does not. */
export function targetAddress({ target: { type, id }, organization_id: organization }: AuditEntry): string | null {
  if (id === null) return null;
  switch (type) {
    case 'webhook_endpoint':
      return `/webhooks/${id}`;
    case 'organization':
      return `/organizations/${id}`;
    case 'directory':
      return organization === null ? null : `/organizations/${organization}/directories/${id}`;
    case 'contact':
    case 'hand_over':
    case 'portal_link':
    case 'portal_session':
      return organization === null ? null : `/organizations/${organization}`;
    case 'api_client':
      return '/api-clients';
    case 'member':
    case 'invitation':
    case 'single_sign_on':
      return '/members';
    default:
      return null;
  }
}
