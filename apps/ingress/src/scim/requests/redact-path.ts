import { isBareId } from '@rollcall/platform';
import { REDACTED, redactFilter, storable } from './redact-text';

/** What a path is made of beside ids. */
const SEGMENTS = new Set([
  'users',
  'groups',
  'bulk',
  'me',
  'schemas',
  'resourcetypes',
  'serviceproviderconfig',
  '.search',
  'user',
  'group',
]);

/** Parameters whose values are names, numbers and words (RFC 7644 §3.4.2, §3.9). */
const PLAIN_PARAMETERS = new Set(['startindex', 'count', 'attributes', 'excludedattributes', 'sortby', 'sortorder']);

const PARAMETERS_MAX = 20;

/** Most requests: a collection or one resource, and no parameters. */
const PLAIN = /^\/scim\/[^/?]+\/v2(\/(?:Users|Groups)(?:\/([^/?]+))?)$/;

/**
 * The address of a request behind its directory's base URL, without what may be a person's: in filters attribute and operator stay,
 * and of the path what names a collection or is an id.
 */
export function redactPath(url: string, query: unknown): string {
  const [, plain, id] = PLAIN.exec(url) ?? [];
  if (plain !== undefined && (id === undefined || isBareId(id))) return plain;
  const path = url.split('?', 1)[0] ?? '';
  const behindBase = path.replace(/^\/+scim\/+[^/]*\/+v[\d.]+/, '');
  const segments = behindBase.split('/').filter(Boolean).slice(0, 8).map(redactSegment);
  const parameters = Object.entries((query ?? {}) as Record<string, unknown>)
    .slice(0, PARAMETERS_MAX)
    .map(([name, value]) => redactParameter(name, value));
  const suffix = parameters.length > 0 ? `?${parameters.join('&')}` : '';
  return storable(`/${segments.join('/')}${suffix}`, 2_000);
}

function redactSegment(segment: string): string {
  const isKnown = SEGMENTS.has(segment.toLowerCase()) || isBareId(segment);
  return isKnown || /^urn:ietf:params:scim:[\w.:-]{1,120}$/i.test(segment) ? segment : REDACTED;
}

function redactParameter(name: string, value: unknown): string {
  const key = name.toLowerCase();
  if (key === 'filter') return `filter=${typeof value === 'string' ? redactFilter(value) : REDACTED}`;
  if (key === 'cursor') return `cursor=${REDACTED}`;
  if (!PLAIN_PARAMETERS.has(key)) return `${REDACTED}=${REDACTED}`;
  return `${name}=${typeof value === 'string' && /^[\w.:$, -]{0,300}$/.test(value) ? value : REDACTED}`;
}
