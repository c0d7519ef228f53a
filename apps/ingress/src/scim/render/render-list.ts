import { listResponse } from '@rollcall/scim';
import type { StoredResource } from '@rollcall/scim-store';
import { renderBody, renderResource } from './render-resource';
import type { RenderOptions } from './render-resource';

/** Where a page lies in its list, as the ListResponse says it. */
export type ListPlace = { startIndex: number } | { nextCursor?: string };

/** Resources of one type, and how they are rendered. */
export interface ListPart {
  resources: readonly StoredResource[];
  options: RenderOptions;
}

/** A ListResponse, and the characters of what it is made from. */
export interface RenderedList {
  body: string | Iterable<string>;
  size: number;
  /** What the request log keeps of it, JSON text: how many there are, and which. */
  logged: string;
}

/** Resources that the request log names of a page. */
const LISTED_MAX = 10;

/** Characters from which on a list is rendered while it is sent, resource by resource, so that others have their turn in between. */
const LONG_LIST = 256 * 1024;

/** The ListResponse (RFC 7644 §3.4.2) of one page. */
export function renderList(parts: readonly ListPart[], totalResults: number, place: ListPlace): RenderedList {
  const itemsPerPage = parts.reduce((sum, { resources }) => sum + resources.length, 0);
  const { schemas } = listResponse({ resources: [], totalResults, startIndex: 1 });
  const head = `${JSON.stringify({ schemas, totalResults, ...place, itemsPerPage }).slice(0, -1)},"Resources":[`;
  const size = parts.reduce((sum, { resources }) => sum + sizeOf(resources), 0);
  const counts = { schemas, totalResults, ...('startIndex' in place ? place : {}), itemsPerPage };
  const logged = renderLogged(parts, counts);
  if (size >= LONG_LIST) return { body: renderPieces(head, parts), size, logged };
  const rendered = parts.flatMap(({ resources, options }) =>
    resources.map((stored) => renderResource(stored, options)),
  );
  return { body: `${head}${rendered.join(',')}]}`, size, logged };
}

function renderLogged(parts: readonly ListPart[], counts: { itemsPerPage: number }): string {
  const ids = parts.flatMap(({ resources }) => resources.slice(0, LISTED_MAX).map(({ id }) => ({ id })));
  const shown = ids.slice(0, LISTED_MAX);
  const more = counts.itemsPerPage - shown.length;
  return JSON.stringify({ ...counts, Resources: more > 0 ? [...shown, `[${more} more]`] : shown });
}

function* renderPieces(head: string, parts: readonly ListPart[]): Generator<string> {
  let before = head;
  for (const { resources, options } of parts) {
    for (const stored of resources) {
      const body = renderBody(stored, options);
      if (typeof body === 'string') yield before + body;
      else {
        yield before;
        yield* body;
      }
      before = ',';
    }
  }
  yield before === head ? `${head}]}` : ']}';
}

function sizeOf(resources: readonly StoredResource[]): number {
  return resources.reduce((sum, { resource, references }) => sum + resource.length + (references?.length ?? 0), 0);
}
