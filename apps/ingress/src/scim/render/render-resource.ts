import type { StoredResource } from '@rollcall/database';
import { formatETag, projectResource } from '@rollcall/scim';
import type { Projection, ResourceType, ScimResource } from '@rollcall/scim';

/** A stored resource and where it is served. */
export interface RenderOptions {
  type: ResourceType;
  /** Base URL of the directory's SCIM endpoints. */
  baseUrl: string;
  projection: Projection;
}

/**
 * The JSON text of a resource as an answer shows it (RFC 7643 §3.1): what is stored, with id, meta and references around it.
 * The stored text is spliced, not parsed, unless the client asked for a projection.
 */
export function renderResource(stored: StoredResource, { type, baseUrl, projection }: RenderOptions): string {
  const text = spliceResource(stored, type, baseUrl);
  if (projection.attributes === undefined && projection.excludedAttributes === undefined) return text;
  return JSON.stringify(projectResource(JSON.parse(text) as ScimResource, projection, type));
}

/** The URL of a resource: `meta.location` and the Location header. */
export function locationOf(type: ResourceType, baseUrl: string, id: string): string {
  return `${baseUrl}${type.endpoint}/${id}`;
}

function spliceResource(stored: StoredResource, type: ResourceType, baseUrl: string): string {
  const { id, version, created, lastModified, resource } = stored;
  const meta = JSON.stringify({
    resourceType: type.name,
    created: created.toISOString(),
    lastModified: lastModified.toISOString(),
    location: locationOf(type, baseUrl, id),
    version: formatETag(version),
  });
  // A stored resource has at least `schemas`, so its text is never an empty object.
  return `{"id":"${id}","meta":${meta},${spliceReferences(stored.references, type, baseUrl)}${resource.slice(1)}`;
}

/** `groups` of a user or `members` of a group with the URL of each; nothing when there are none. */
function spliceReferences(references: string | null, { name }: ResourceType, baseUrl: string): string {
  if (references === null || references === '[]') return '';
  const attribute = name === 'Group' ? 'members' : 'groups';
  // In a replacement text `$$` is a dollar sign. A function would make an object of each of 100,000 members.
  const urls = `$&,"$$ref":"${baseUrl.replaceAll('$', '$$$$')}/`;
  const withUrls =
    attribute === 'members'
      ? references.replaceAll(MEMBER_START, `${urls}$1s/$2"`)
      : references.replaceAll(GROUP_START, `${urls}Groups/$1"`);
  return `"${attribute}":${withUrls},`;
}

/**
 * How elements of scim_members_of and scim_groups_of begin in PostgreSQL's jsonb text, where shorter keys come first. In a
 * display name the quotes would be escaped, so these texts cannot occur inside one.
 */
const MEMBER_START = /\{"type": "(User|Group)", "value": "([0-9a-z]+)"/g;
const GROUP_START = /\{"value": "([0-9a-z]+)"/g;
