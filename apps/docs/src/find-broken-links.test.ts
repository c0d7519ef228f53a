import { expect, it } from 'vitest';
import { findBrokenLinks } from './find-broken-links';
import { renderMarkdown } from './render-markdown';

const site = (pages: Record<string, string>) =>
  findBrokenLinks(new Map(Object.entries(pages).map(([slug, text]) => [slug, renderMarkdown(text)])));

it('takes links to pages, to headings of them, to their Markdown, to what else the server has, and out of it', () => {
  const text = `[start](/docs) [other](/docs/a/b#some-words) [as text](/docs/a/b.md) [here](#own)
[reference](/api/docs) [elsewhere](https://example.com/none)

## Own`;
  expect(site({ '': text, 'a/b': '## Some words\n\n### `a_code`' })).toEqual([]);
});

it.each([
  ['a page that is not there', '[x](/docs/none)', '/docs/a: /docs/none'],
  ['a heading that is not there', '[x](/docs/a#none)', '/docs/a: /docs/a#none'],
  ['a heading of its own that is not there', '[x](#none)', '/docs/a: #none'],
  ['a page of a name that only begins like one', '[x](/docs/ab)', '/docs/a: /docs/ab'],
])('names a link to %s, and where it stands', (_what, text, broken) => {
  expect(site({ a: text })).toEqual([broken]);
});
