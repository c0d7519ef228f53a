import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API_ERROR_CODES, OAUTH_ERROR_CODES, pathOfErrorCode, pathOfScimError, PROVIDERS } from '@rollcall/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectMessages } from './errors/collect-messages';
import { DASHBOARD_ERRORS, PORTAL_ERRORS } from './errors/page-errors';
import { SCIM_STATUSES, SCIM_TYPES } from './errors/scim-errors';
import { SECTIONS } from './navigation';
import { addressOf, markdownAddressOf } from './read-page';
import { toAnchor } from './render-markdown';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-docs-'));
  const built = spawnSync(process.execPath, [join(ROOT, 'apps/docs/build.js'), folder], {
    encoding: 'utf8',
    // As where an image is built.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  expect(built.stderr).toBe('');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const slugs = SECTIONS.flatMap(({ pages }) => pages);
const fileOf = (slug: string) => (slug === '' ? 'index' : slug);

describe('the built documentation', () => {
  it('has every page of its menu as HTML and as Markdown, and no page that the menu has not', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(html|md)$/.test(name),
    );
    const wanted = slugs.flatMap((slug) => [`${fileOf(slug)}.html`, `${fileOf(slug)}.md`]);
    expect(files.toSorted()).toEqual([...wanted, '404.html'].toSorted());
    const sources = readdirSync(join(ROOT, 'apps/docs/pages'), { recursive: true, encoding: 'utf8' });
    for (const source of sources.filter((name) => name.endsWith('.md'))) expect(wanted).toContain(source);
  });

  it.each(slugs)(
    'loads for "%s" its style sheet alone, and leads from it to its neighbours and its Markdown',
    (slug) => {
      const html = read(`${fileOf(slug)}.html`);
      expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=|<img/);
      expect(html.match(/<link rel="stylesheet" href="([^"]+)">/g)).toHaveLength(1);
      expect(html).toContain(`href="${markdownAddressOf(slug)}"`);
      const at = slugs.indexOf(slug);
      const [before, after] = [slugs[at - 1], slugs[at + 1]];
      if (before !== undefined) expect(html).toContain(`<a rel="prev" href="${addressOf(before)}">`);
      if (after !== undefined) expect(html).toContain(`<a rel="next" href="${addressOf(after)}">`);
    },
  );

  it('lists every page in llms.txt, each with what it holds', () => {
    const text = read('llms.txt');
    expect(text).toMatch(/^# Rollcall\n\n> \S.*\n/);
    const links = [...text.matchAll(/^- \[[^\]]+\]\(([^)]+)\): \S.*$/gm)].map(([, address]) => address);
    expect(links).toEqual(slugs.map(markdownAddressOf));
  });

  it.each(PROVIDERS.map(({ id, name }) => [name, id]))(
    'has the portal’s guide of %s, with nothing left of its HTML',
    (name) => {
      const guide = slugs.filter((slug) => slug.startsWith('providers/')).map((slug) => read(`${slug}.md`));
      const own = guide.find((text) => text.startsWith(`# ${name}\n`));
      expect(own).toMatch(/https:\/\/rollcall\.example\.com\/scim\//);
      expect(own).toMatch(/The (word `Bearer`, a space, and the )?bearer token you copied/);
      expect(own).not.toMatch(/<\/?(p|div|span|dl|dd|dt|button|strong)\b|undefined|\[object/);
    },
  );
});

/** Whether a page has an element of this name. */
function expectAnchor(path: string): void {
  const [page = '', anchor = ''] = path.split('#');
  expect(read(`${page.replace('/docs/', '')}.html`)).toContain(` id="${anchor}"`);
}

describe('the catalogue of errors', () => {
  it('explains every code that an answer links to, each at its own anchor', () => {
    for (const code of [...API_ERROR_CODES, ...OAUTH_ERROR_CODES]) expectAnchor(pathOfErrorCode(code));
    for (const code of [...Object.keys(PORTAL_ERRORS), ...Object.keys(DASHBOARD_ERRORS)])
      expectAnchor(`/docs/errors#${code}`);
  });

  it('explains SCIM’s detail keywords, and the statuses that come without one', () => {
    for (const scimType of Object.keys(SCIM_TYPES)) expectAnchor(pathOfScimError({ status: 400, scimType }));
    for (const status of Object.keys(SCIM_STATUSES))
      expectAnchor(pathOfScimError({ status: Number(status), scimType: null }));
  });

  it('has every detail of SCIM that the sources make, and knows what each belongs to', () => {
    const { byScimType, unread } = collectMessages(ROOT);
    const known = [...Object.keys(SCIM_TYPES), ...Object.keys(SCIM_STATUSES)];
    expect([...byScimType.keys()].filter((key) => !known.includes(key))).toEqual([]);
    const details = [...byScimType.values()].flat();
    expect(details.length).toBeGreaterThan(60);
    const page = read('errors/scim.html');
    for (const detail of details) expect(page).toContain(` id="${toAnchor(detail)}"`);
    // Its text is made in change-selected.ts, and read there.
    expect(unread).toEqual(['libs/scim/src/patch/remove-value.ts: noTarget(unmatched(path))']);
  });
});
