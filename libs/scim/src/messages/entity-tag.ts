/** The entity tag of a resource's version (RFC 7644 §3.14): weak, because the same version may be rendered differently. */
export function formatETag(version: string | number | bigint): string {
  return `W/"${version}"`;
}

/** Whether an If-Match header allows the write to a resource with this tag; `*` allows any. Weak comparison. */
export function matchesIfMatch(header: string, etag: string): boolean {
  return listsTag(header, etag);
}

/** Whether an If-None-Match header has this tag, so that a read is answered 304. `*` has any. Weak comparison. */
export function matchesIfNoneMatch(header: string, etag: string): boolean {
  return listsTag(header, etag);
}

function listsTag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  const wanted = opaqueTag(etag);
  return header.split(',').some((tag) => opaqueTag(tag) === wanted);
}

/** The text between the quotes; clients also send it without them. */
function opaqueTag(tag: string): string {
  const text = tag.trim();
  const strong = text.startsWith('W/') || text.startsWith('w/') ? text.slice(2) : text;
  return strong.length >= 2 && strong.startsWith('"') && strong.endsWith('"') ? strong.slice(1, -1) : strong;
}
