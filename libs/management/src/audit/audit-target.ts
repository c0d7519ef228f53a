import type { AuditEntry, DirectorySecret } from '@rollcall/database';
import { publicId } from '@rollcall/platform';

type Target = AuditEntry['target'];

/** The objects of entries: ids as the API shows them, names as they are at the time of the change. */
export function organizationTarget({ id, displayName }: { id: string; displayName: string }): Target {
  return { type: 'organization', id: publicId('org', id), name: displayName };
}

export function directoryTarget({ id, name }: { id: string; name: string }): Target {
  return { type: 'directory', id: publicId('dir', id), name };
}

export function secretTarget({ id, name, secretSuffix }: DirectorySecret): Target {
  const suffix = `…${secretSuffix}`;
  return { type: 'directory_secret', id: publicId('sec', id), name: name === null ? suffix : `${name} ${suffix}` };
}

export function endpointTarget({ id, url }: { id: string; url: string }): Target {
  return { type: 'webhook_endpoint', id: publicId('whe', id), name: withoutSecrets(url) };
}

export function roleTarget({ roleName, displayName }: { roleName: string; displayName: string }): Target {
  return { type: 'role', id: roleName, name: displayName };
}

/** A URL without what may be a password: user, query and fragment. That there was a query is still seen. */
export function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return '';
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}
