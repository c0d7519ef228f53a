import { SECTIONS } from './navigation';
import { addressOf, markdownAddressOf } from './read-page';
import type { Page } from './read-page';
import { escapeHtml } from './render-markdown';
import type { Rendered } from './render-markdown';

/** What every page has around its text. */
export interface Frame {
  /** The address of the style sheet. */
  readonly styles: string;
  /** Title by slug, of all pages. */
  readonly titles: ReadonlyMap<string, string>;
}

/** A page of so many sections gets a list of them. */
const SECTIONS_FOR_LIST = 3;

/** The whole HTML of a page. It has no script, and loads its style sheet alone. */
export function layOutPage(page: Page, rendered: Rendered, frame: Frame): string {
  const { slug, title, description } = page;
  return document(`${title} · Rollcall`, description, frame.styles, {
    alternate: `<link rel="alternate" type="text/markdown" href="${markdownAddressOf(slug)}">`,
    menu: menuOf(slug, frame),
    main: `<article>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(description)}</p>
${contentsOf(rendered)}${rendered.html}</article>
<footer>
${neighbours(slug, frame)}
<p><a href="${markdownAddressOf(slug)}">This page as Markdown</a></p>
</footer>`,
  });
}

/** What is shown in the place of a page that is not there. */
export function layOutMissing(frame: Frame): string {
  return document('This page does not exist · Rollcall', 'There is no such page.', frame.styles, {
    alternate: '<meta name="robots" content="noindex">',
    menu: menuOf(null, frame),
    main: `<article>
<h1>This page does not exist</h1>
<p>The address is wrong, or the page was moved. <a href="/docs">All pages start here.</a></p>
</article>`,
  });
}

function document(
  title: string,
  description: string,
  styles: string,
  { alternate, menu, main }: { alternate: string; menu: string; main: string },
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escapeHtml(description)}">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${styles}">
${alternate}
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<header>
<p class="name"><a href="/docs">Rollcall <span>Documentation</span></a></p>
<p><a href="/api/docs">API reference</a></p>
</header>
<div class="page">
<details class="narrow"><summary>All pages</summary>
<nav aria-label="All pages">
${menu}
</nav>
</details>
<nav class="wide" aria-label="All pages">
${menu}
</nav>
<main id="text" tabindex="-1">
${main}
</main>
</div>
</body>
</html>
`;
}

function menuOf(current: string | null, frame: Frame): string {
  return SECTIONS.map(({ title, pages }) => {
    const items = pages.map((slug) => {
      const here = slug === current ? ' aria-current="page"' : '';
      return `<li><a href="${addressOf(slug)}"${here}>${titleOf(slug, frame)}</a></li>`;
    });
    return `<h2>${escapeHtml(title)}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
  }).join('\n');
}

function contentsOf({ headings }: Rendered): string {
  const sections = headings.filter(({ level }) => level === 2);
  if (sections.length < SECTIONS_FOR_LIST) return '';
  const items = sections.map(
    ({ anchor, text }) => `<li><a href="#${encodeURIComponent(anchor)}">${escapeHtml(text)}</a></li>`,
  );
  return `<nav class="contents" aria-label="On this page">\n<ul>\n${items.join('\n')}\n</ul>\n</nav>\n`;
}

function neighbours(slug: string, frame: Frame): string {
  const order = SECTIONS.flatMap(({ pages }) => pages);
  const at = order.indexOf(slug);
  const [before, after] = [order[at - 1], order[at + 1]];
  const links = [
    before !== undefined && `<a rel="prev" href="${addressOf(before)}">Previous: ${titleOf(before, frame)}</a>`,
    after !== undefined && `<a rel="next" href="${addressOf(after)}">Next: ${titleOf(after, frame)}</a>`,
  ].filter((link) => link !== false);
  return `<nav class="neighbours" aria-label="Previous and next page">\n${links.join('\n')}\n</nav>`;
}

function titleOf(slug: string, { titles }: Frame): string {
  return escapeHtml(titles.get(slug) ?? slug);
}
