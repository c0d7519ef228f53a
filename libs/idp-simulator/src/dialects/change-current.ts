import { ProvisioningError, type ScimRequest } from '../send-scim';
import { PATCH_OP, type Send } from './dialect';
import type { Operation } from './diff-representation';
import { requireFound } from './scim-calls';

type Resource = Record<string, unknown>;

/** How often a change that others overtake is decided anew before it fails. */
const TRIES = 3;

/** What is changed: the resource's path, the query it is read with, and whether it has a version. */
export interface Target {
  path: string;
  query?: string;
  etag: boolean;
}

/**
 * Reads a resource and changes what was read and nothing newer: the write carries the version in `If-Match`
 * (RFC 7644 section 3.14). When the application answers 412, it is read and decided again.
 * @param decide gives the operations for the representation that was read; none are not sent
 * @throws ProvisioningError when the resource is gone, the change is refused or others overtake it three times
 */
export async function changeCurrent(
  send: Send,
  target: Target,
  decide: (current: Resource) => Operation[],
): Promise<void> {
  await writeCurrent(send, target, 'PATCH', (current) => {
    const operations = decide(current);
    return operations.length === 0 ? null : { schemas: [PATCH_OP], Operations: operations };
  });
}

/** Deletes the resource in the version that was read. @throws ProvisioningError as changeCurrent does */
export async function deleteCurrent(send: Send, target: Target): Promise<void> {
  await writeCurrent(send, target, 'DELETE', () => undefined);
}

/** `write` gives the body, undefined for none; null sends nothing. */
async function writeCurrent(
  send: Send,
  { path, query = '', etag }: Target,
  method: ScimRequest['method'],
  write: (current: Resource) => Resource | undefined | null,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { body: current, headers } = requireFound('GET', path, await send('GET', path + query));
    const body = write(current);
    if (body === null) return;
    const version = etag ? headers.etag : undefined;
    try {
      const match = typeof version === 'string' ? { 'If-Match': version } : undefined;
      requireFound(method, path, await send(method, path, body, match));
      return;
    } catch (error) {
      if (!(error instanceof ProvisioningError) || error.status !== 412 || attempt === TRIES) throw error;
    }
  }
}
