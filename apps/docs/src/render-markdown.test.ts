import { describe, expect, it } from 'vitest';
import { readPage } from './read-page';
import { readCodeBlocks, renderMarkdown } from './render-markdown';

describe('renderMarkdown', () => {
  it('gives each heading an anchor, and one in code the code itself, and makes it a link to itself', () => {
    const { html, headings } = renderMarkdown('## What it’s for\n\n### `too_many`');
    expect(headings.map(({ anchor }) => anchor)).toEqual(['what-its-for', 'too_many']);
    expect(html).toContain('<h3 id="too_many"><a class="anchor" href="#too_many"><code>too_many</code></a></h3>');
  });

  it('refuses two headings of one anchor: a link would find the first alone', () => {
    expect(() => renderMarkdown('## Same\n\n## Same')).toThrow('Two headings have the anchor #same.');
  });

  it('shows HTML as text, and leads nowhere by a script', () => {
    const { html } = renderMarkdown('<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n```sh a"b.sh\n<b>\n```');
    expect(html).not.toMatch(/<script|href="javascript|<b>|<figcaption>[^<]*"/);
  });
});

describe('readCodeBlocks', () => {
  it('reads the language, the file and what else a fence says', () => {
    const text = '```ts a/route.ts\n1;\n```\n\n```sh stays\nnpm start\n```\n\n- in a list\n\n  ```json\n  {}\n  ```\n';
    expect(readCodeBlocks(text)).toEqual([
      { language: 'ts', file: 'a/route.ts', flags: [], code: '1;\n' },
      { language: 'sh', file: null, flags: ['stays'], code: 'npm start\n' },
      { language: 'json', file: null, flags: [], code: '{}\n' },
    ]);
  });
});

describe('readPage', () => {
  it.each([
    ['# No front matter', 'The page "a" does not begin with ---.'],
    ['---\ntitle: A\n---\n', 'The page "a" needs a title and a description'],
    ['---\ntitle: A: b\n---\n', 'The page "a", between its --- lines:'],
  ])('names the page that is malformed: %j', (text, message) => {
    expect(() => readPage('a', text)).toThrow(message);
  });
});
