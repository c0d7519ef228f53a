import MarkdownIt from 'markdown-it';

/** A heading of the second or third level of a page. */
export interface Heading {
  readonly level: number;
  readonly anchor: string;
  readonly text: string;
}

/** A page's HTML and what a link into it can name. */
export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
  /** Addresses on this server that it links to. */
  readonly links: readonly string[];
}

/** Code in a fence: what it is written in, what its info says behind that, and the code. */
export interface CodeBlock {
  readonly language: string;
  /** The file that it is, in the reader's project. */
  readonly file: string | null;
  /** Further words of the info, such as `stays`: a command that runs on. */
  readonly flags: readonly string[];
  readonly code: string;
}

const { escapeHtml } = new MarkdownIt().utils;
export { escapeHtml };

const markdown = makeParser();

/** Renders a page. HTML in it is shown as text. @throws Error when two headings have the same anchor */
export function renderMarkdown(text: string): Rendered {
  const environment: { headings: Heading[]; links: string[] } = { headings: [], links: [] };
  const tokens = markdown.parse(text, environment);
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const heading = headingOf(token.tag, tokens[index + 1]?.content ?? '');
      if (environment.headings.some(({ anchor }) => anchor === heading.anchor))
        throw new Error(`Two headings have the anchor #${heading.anchor}.`);
      environment.headings.push(heading);
      token.attrSet('id', heading.anchor);
    }
    for (const child of token.children ?? []) {
      const target = child.type === 'link_open' ? String(child.attrGet('href')) : null;
      if (target !== null && /^[/#]/.test(target)) environment.links.push(target);
    }
  }
  return { html: markdown.renderer.render(tokens, markdown.options, environment), ...environment };
}

/** The code in a page's fences, in order. */
export function readCodeBlocks(text: string): CodeBlock[] {
  return markdown
    .parse(text, {})
    .filter(({ type }) => type === 'fence')
    .map(({ info, content }) => ({ ...readInfo(info), code: content }));
}

function readInfo(info: string): Omit<CodeBlock, 'code'> {
  const [language = '', ...words] = info.trim().split(/\s+/);
  const file = words.find((word) => word.includes('.')) ?? null;
  return { language, file, flags: words.filter((word) => word !== file) };
}

/** A heading's anchor is its text as GitHub makes it, or what stands in code in it. */
function headingOf(tag: string, text: string): Heading {
  const [, code] = /^`([^`]+)`$/.exec(text) ?? [];
  return { level: Number(tag.slice(1)), anchor: code ?? toAnchor(text), text: text.replaceAll('`', '') };
}

/** The anchor of a text: ASCII alone, for it also goes into a header. */
export function toAnchor(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9\- ]/g, '')
    .trim()
    .replaceAll(/ +/g, '-');
}

function makeParser(): InstanceType<typeof MarkdownIt> {
  const parser = new MarkdownIt({ html: false, linkify: false });
  const { rules } = parser.renderer;
  // A heading is a link to itself, for whoever wants to send it to somebody.
  rules.heading_open = (tokens, index) => {
    const anchor = String(tokens[index]?.attrGet('id') ?? '');
    return `<${tokens[index]?.tag} id="${escapeHtml(anchor)}"><a class="anchor" href="#${encodeURIComponent(anchor)}">`;
  };
  rules.heading_close = (tokens, index) => `</a></${tokens[index]?.tag}>\n`;
  // What is wider than the page is scrolled by itself, with the keyboard too.
  rules.table_open = () => '<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>\n';
  rules.table_close = () => '</table></div>\n';
  rules.fence = (tokens, index) => {
    const { info = '', content = '' } = tokens[index] ?? {};
    const { file, flags } = readInfo(info);
    const caption = file ?? (flags.includes('stays') ? 'stays running' : null);
    const code = `<pre tabindex="0"><code>${escapeHtml(content)}</code></pre>`;
    if (caption === null) return `${code}\n`;
    return `<figure class="code"><figcaption>${escapeHtml(caption)}</figcaption>${code}</figure>\n`;
  };
  return parser;
}
