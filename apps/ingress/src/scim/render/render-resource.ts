import { withManagerName } from '@rollcall/directory';
import { compileProjection, formatETag } from '@rollcall/scim';
import type { Projection, Projector, ResourceType, ScimResource } from '@rollcall/scim';
import type { StoredResource } from '@rollcall/scim-store';

/** A stored resource and where it is served. */
export interface RenderOptions {
  type: ResourceType;
  /** Base URL of the directory's SCIM endpoints. */
  baseUrl: string;
  /** Null = the whole resource. */
  project: Projector | null;
}

/** How an answer renders its resources, one or many. */
export function renderOptions(type: ResourceType, baseUrl: string, projection: Projection): RenderOptions {
  const { attributes, excludedAttributes } = projection;
  const isProjected = attributes !== undefined || excludedAttributes !== undefined;
  return { type, baseUrl, project: isProjected ? compileProjection(projection, type) : null };
}

/**
 * The JSON text of a resource as an answer shows it (RFC 7643 §3.1): what is stored, with id, meta and references around it.
 * The stored text is spliced, not parsed, unless the client asked for a projection.
 */
export function renderResource(stored: StoredResource, { type, baseUrl, project }: RenderOptions): string {
  const text = spliceResource(stored, type, baseUrl);
  return project ? JSON.stringify(project(JSON.parse(text) as ScimResource)) : text;
}

/**
 * The same text for an answer of its own. That of a group of tens of thousands of members comes in pieces, each made when it is
 * to be sent: with its URLs it would take three times the memory of what is stored.
 */
export function renderBody(stored: StoredResource, options: RenderOptions): string | Iterable<string> {
  const { references } = stored;
  if (references === null || references.length < LONG_REFERENCES) return renderResource(stored, options);
  const { project } = options;
  return project
    ? projectPieces(stored, references, { ...options, project })
    : renderPieces(stored, references, options);
}

/** Characters. */
const LONG_REFERENCES = 1024 * 1024;

/** The URL of a resource: `meta.location` and the Location header. */
export function locationOf(type: ResourceType, baseUrl: string, id: string): string {
  return `${baseUrl}${type.endpoint}/${id}`;
}

function* renderPieces(
  stored: StoredResource,
  references: string,
  { type, baseUrl }: RenderOptions,
): Generator<string> {
  yield `${renderHead(stored, type, baseUrl)}"${referencesName(type)}":`;
  for (const elements of cutBetweenElements(references, referencesName(type))) yield addUrls(elements, type, baseUrl);
  yield `,${shownText(stored).slice(1)}`;
}

function* projectPieces(
  stored: StoredResource,
  references: string,
  { type, baseUrl, project }: RenderOptions & { project: Projector },
): Generator<string> {
  const name = referencesName(type);
  const text = spliceResource({ ...stored, references: null }, type, baseUrl);
  // What a projection leaves of a resource has at least its id.
  let before = `${JSON.stringify(project(JSON.parse(text) as ScimResource)).slice(0, -1)},"${name}":[`;
  let isShown = false;
  for (const elements of cutBetweenElements(references, name)) {
    const bare = elements.replace(/^(\[|, )/, '').replace(/\]$/, '');
    const { [name]: kept } = project(JSON.parse(`{"${name}":[${addUrls(bare, type, baseUrl)}]}`) as ScimResource);
    if (!Array.isArray(kept) || kept.length === 0) continue;
    yield before + JSON.stringify(kept).slice(1, -1);
    before = ',';
    isShown = true;
  }
  yield isShown ? ']}' : JSON.stringify(project(JSON.parse(text) as ScimResource));
}

/** Characters of a piece at least. */
const PIECE = 64 * 1024;

/** How an element begins behind another one. In a display name the quotes would be escaped, or the last character of it. */
const NEXT_ELEMENT = { members: ', {"type": "', groups: ', {"value": "' };

function* cutBetweenElements(references: string, name: 'members' | 'groups'): Generator<string> {
  for (let start = 0, end = 0; start < references.length; start = end) {
    const cut = references.indexOf(NEXT_ELEMENT[name], start + PIECE);
    end = cut === -1 ? references.length : cut;
    yield references.slice(start, end);
  }
}

function spliceResource(stored: StoredResource, type: ResourceType, baseUrl: string): string {
  // A stored resource has at least `schemas`, so its text is never an empty object.
  return `${renderHead(stored, type, baseUrl)}${spliceReferences(stored.references, type, baseUrl)}${shownText(stored).slice(1)}`;
}

/** The stored text; only where a manager's name comes into it is it parsed. */
function shownText({ resource, managerName }: StoredResource): string {
  if (managerName === undefined || managerName === null) return resource;
  return JSON.stringify(withManagerName(JSON.parse(resource) as ScimResource, managerName));
}

/** `id` and `meta`. */
function renderHead(
  { id, version, created, lastModified }: StoredResource,
  type: ResourceType,
  baseUrl: string,
): string {
  const meta = JSON.stringify({
    resourceType: type.name,
    created: created.toISOString(),
    lastModified: lastModified.toISOString(),
    location: locationOf(type, baseUrl, id),
    version: formatETag(version),
  });
  return `{"id":"${id}","meta":${meta},`;
}

/** `groups` of a user or `members` of a group with the URL of each; nothing when there are none. */
function spliceReferences(references: string | null, type: ResourceType, baseUrl: string): string {
  if (references === null || references === '[]') return '';
  return `"${referencesName(type)}":${addUrls(references, type, baseUrl)},`;
}

function referencesName({ name }: ResourceType): 'members' | 'groups' {
  return name === 'Group' ? 'members' : 'groups';
}

function addUrls(references: string, type: ResourceType, baseUrl: string): string {
  // In a replacement text `$$` is a dollar sign. A function would make an object of each of 100,000 members.
  const urls = `$&,"$$ref":"${baseUrl.replaceAll('$', '$$$$')}/`;
  return referencesName(type) === 'members'
    ? references.replaceAll(MEMBER_START, `${urls}$1s/$2"`)
    : references.replaceAll(GROUP_START, `${urls}Groups/$1"`);
}

/**
 * How elements of scim_members_of and scim_groups_of begin in PostgreSQL's jsonb text, where shorter keys come first. In a
 * display name the quotes would be escaped, so these texts cannot occur inside one.
 */
const MEMBER_START = /\{"type": "(User|Group)", "value": "([0-9a-z]+)"/g;
const GROUP_START = /\{"value": "([0-9a-z]+)"/g;
