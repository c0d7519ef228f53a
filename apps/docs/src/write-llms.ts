import { SECTIONS } from './navigation';
import { markdownAddressOf } from './read-page';
import type { Page } from './read-page';

/**
 * The page by which programs that read text find the others (llmstxt.org): a title, a summary, and for each section a list of links to
 * Markdown with what they hold.
 * @param pages by slug, all of them
 */
export function writeLlms(pages: ReadonlyMap<string, Page>): string {
  const sections = SECTIONS.map(({ title, pages: slugs }) => {
    const lines = slugs.flatMap((slug) => {
      const page = pages.get(slug);
      return page ? [`- [${page.title}](${markdownAddressOf(slug)}): ${page.description}`] : [];
    });
    return `## ${title}\n\n${lines.join('\n')}\n`;
  });
  return `# Rollcall

> ${pages.get('')?.description ?? ''}

Every page is served as HTML and, at its address with \`.md\` behind it, as Markdown. The API is described as OpenAPI 3.1 at /api/openapi.json.

${sections.join('\n')}`;
}
