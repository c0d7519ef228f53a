import { parse } from 'yaml';

/** A page of the documentation as it is written. */
export interface Page {
  /** Its address below `/docs/`; the start page has none. */
  readonly slug: string;
  readonly title: string;
  /** One sentence, for lists of pages and for search engines. */
  readonly description: string;
  /** Why its code is checked by the compiler and not run; undefined where it is run. */
  readonly notRun?: string;
  /** Markdown, without the title. */
  readonly body: string;
}

const FRONT_MATTER = /^---\n(.*?)\n---\n/s;

/**
 * Reads a page: Markdown below a front matter of `title`, `description` and, if need be, `not_run`.
 * @throws Error that names the page when one of the first two is missing, or it cannot be read
 */
export function readPage(slug: string, text: string): Page {
  const [whole, matter] = FRONT_MATTER.exec(text) ?? [];
  if (whole === undefined || matter === undefined) throw new Error(`The page "${slug}" does not begin with ---.`);
  const { title, description, not_run: notRun } = parseMatter(slug, matter);
  if (typeof title !== 'string' || typeof description !== 'string')
    throw new Error(`The page "${slug}" needs a title and a description between its --- lines.`);
  return {
    slug,
    title,
    description,
    ...(typeof notRun === 'string' && { notRun }),
    body: text.slice(whole.length).trim(),
  };
}

function parseMatter(slug: string, matter: string): Record<string, unknown> {
  try {
    return parse(matter) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`The page "${slug}", between its --- lines: ${(error as Error).message}`, { cause: error });
  }
}

/** A page as it is served beside its HTML: Markdown that stands by itself. */
export function printPage({ title, description, body }: Page): string {
  return `# ${title}\n\n${description}\n\n${body}\n`;
}

/** Where a page is served. */
export function addressOf(slug: string): string {
  return slug === '' ? '/docs' : `/docs/${slug}`;
}

/** Where it is served as Markdown. */
export function markdownAddressOf(slug: string): string {
  return `/docs/${slug === '' ? 'index' : slug}.md`;
}
