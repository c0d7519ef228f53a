import { addressOf, markdownAddressOf } from './read-page';
import type { Rendered } from './render-markdown';

/** What the server has besides these pages, and they link to. */
const OTHERS = ['/api/docs', '/api/openapi.json', '/dashboard', '/llms.txt'];

/**
 * The links within the documentation that lead to no page, or to no heading of one: `page: link`.
 * @param pages by slug, all of them
 */
export function findBrokenLinks(pages: ReadonlyMap<string, Rendered>): string[] {
  const anchors = new Map<string, ReadonlySet<string>>(OTHERS.map((address) => [address, new Set()]));
  for (const [slug, { headings }] of pages) {
    anchors.set(addressOf(slug), new Set(headings.map(({ anchor }) => anchor)));
    anchors.set(markdownAddressOf(slug), new Set());
  }
  return [...pages].flatMap(([slug, { links }]) =>
    links
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const known = anchors.get(path === '' ? addressOf(slug) : path);
        return known === undefined || (anchor !== undefined && !known.has(decodeURIComponent(anchor)));
      })
      .map((link) => `${addressOf(slug)}: ${link}`),
  );
}
