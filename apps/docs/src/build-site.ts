import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { collectMessages } from './errors/collect-messages';
import type { Messages } from './errors/collect-messages';
import { writeErrorPage } from './errors/write-error-page';
import { listScimDetails, writeScimPage } from './errors/write-scim-page';
import { findBrokenLinks } from './find-broken-links';
import { guideSlugs, writeGuidePage } from './guides/write-guide-page';
import type { LoadGuide } from './guides/write-guide-page';
import { layOutMissing, layOutPage } from './lay-out-page';
import { SECTIONS } from './navigation';
import { addressOf, printPage, readPage } from './read-page';
import type { Page } from './read-page';
import { renderMarkdown } from './render-markdown';
import type { Rendered } from './render-markdown';
import { writeLlms } from './write-llms';

/**
 * Writes the documentation as files that need nothing but a server: each page as HTML and as Markdown, the style sheet by a name that
 * changes with it, the page for what is not there, and `llms.txt`. The folder is emptied first.
 * @param options `root`: the repository; `folder`: where the files go; `loadGuide`: the portal's own
 * @returns how many pages it has
 * @throws Error that names the page when a page is missing or malformed, or a link leads nowhere
 */
export async function buildSite(options: { root: string; folder: string; loadGuide: LoadGuide }): Promise<number> {
  const messages = collectMessages(options.root);
  const pages = await collectPages(options, messages);
  const rendered = new Map([...pages].map(([slug, page]) => [slug, renderPage(page)]));
  const broken = findBrokenLinks(rendered);
  if (broken.length > 0) throw new Error(`The documentation has links that lead nowhere:\n${broken.join('\n')}`);

  const { root, folder } = options;
  const css = readFileSync(join(root, 'apps/docs/src/docs.css'));
  const styles = `assets/docs-${createHash('sha256').update(css).digest('hex').slice(0, 12)}.css`;
  const titles = new Map([...pages].map(([slug, { title }]) => [slug, title]));
  const frame = { styles: addressOf(styles), titles };
  const files: [name: string, content: string | Buffer][] = [
    [styles, css],
    ['404.html', layOutMissing(frame)],
    ['llms.txt', writeLlms(pages)],
    ['errors/scim-details.json', JSON.stringify(listScimDetails(messages))],
    ...[...pages].flatMap(([slug, page]): [string, string][] => {
      const name = slug === '' ? 'index' : slug;
      return [
        [`${name}.html`, layOutPage(page, renderPage(page), frame)],
        [`${name}.md`, printPage(page)],
      ];
    }),
  ];
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return pages.size;
}

async function collectPages(
  { root, loadGuide }: { root: string; loadGuide: LoadGuide },
  messages: Messages,
): Promise<Map<string, Page>> {
  const made = new Map<string, Page>([
    ['errors', writeErrorPage(messages)],
    ['errors/scim', writeScimPage(messages)],
  ]);
  for (const [provider, slug] of guideSlugs()) made.set(slug, await writeGuidePage(provider, loadGuide));
  const slugs = SECTIONS.flatMap(({ pages }) => pages);
  return new Map(
    slugs.map((slug) => [slug, made.get(slug) ?? readPage(slug, readFileSync(sourceOf(root, slug), 'utf8'))]),
  );
}

function sourceOf(root: string, slug: string): string {
  return join(root, 'apps/docs/pages', `${slug === '' ? 'index' : slug}.md`);
}

function renderPage({ slug, body }: Page): Rendered {
  try {
    return renderMarkdown(body);
  } catch (error) {
    throw new Error(`The page "${slug}": ${(error as Error).message}`, { cause: error });
  }
}
