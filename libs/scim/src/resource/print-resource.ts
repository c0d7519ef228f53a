import type { ScimResource } from '../json';
import { ScimError } from '../scim-error';

/**
 * Bytes of a resource as it is stored: without `id`, `meta` and references (`groups`, `members`). Above the 256 kB that every
 * client may send, since `schemas` and canonical names can be longer than what was sent.
 */
export const RESOURCE_BYTES_MAX = 320 * 1024;

/** What an inactive resource may have more: `false` is longer than `true`, and a size must never be why somebody stays active. */
const DEACTIVATION_BYTES = 1024;

/**
 * The JSON text of a resource as it is stored. What is stored is read, sent in lists and passed on in events again and again,
 * so its size has a limit of its own, whatever the body of one request may have.
 * @throws ScimError 413 for more than `RESOURCE_BYTES_MAX`.
 */
export function printResource(resource: ScimResource): string {
  const text = JSON.stringify(resource);
  const limit = RESOURCE_BYTES_MAX + (resource['active'] === false ? DEACTIVATION_BYTES : 0);
  if (Buffer.byteLength(text) <= limit) return text;
  throw new ScimError(
    413,
    undefined,
    `The resource is larger than ${RESOURCE_BYTES_MAX / 1024} kB without its members. Send fewer or shorter values.`,
  );
}
