import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { MAY_IMPORT } from './check-boundaries.js';
import { checkMap } from './check-map.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the pages of this repository', () => {
  it('name only files, functions and tests that exist', () => {
    expect(checkMap(ROOT)).toEqual([]);
  });

  it('include one for each application, library and folder of tools', () => {
    const folders = ['apps', 'libs', 'infra'].flatMap((parent) =>
      readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`),
    );
    expect(folders.filter((folder) => !existsSync(join(ROOT, folder, 'README.md')))).toEqual([]);
  });

  it('show the import rules as they are checked', () => {
    const rows = readFileSync(join(ROOT, '.github/ARCHITECTURE.md'), 'utf8').matchAll(
      /^\| `([a-z-]+)` \|.*\| (.+) \|$/gm,
    );
    const shown = [...rows].map(([, layer, allowed]) => [
      layer,
      allowed === 'nothing' ? [] : allowed?.match(/[a-z-]+/g),
    ]);
    expect(Object.fromEntries(shown)).toEqual(MAY_IMPORT);
  });
});

let folder: string | undefined;

afterEach(() => {
  if (folder) rmSync(folder, { recursive: true });
  folder = undefined;
});

/** The references that are reported when `text` is the page of `libs/scim`. */
function brokenIn(text: string): string[] {
  folder = mkdtempSync(join(tmpdir(), 'map-'));
  const files = {
    'package.json': '{"scripts":{"build":"nx"}}',
    'README.md': '# Rollcall\n\n## Run it\n',
    'libs/scim/README.md': text,
    'libs/scim/src/parse.ts':
      'export async function parse() {}\nclass Reader {\n  private read(): void {}\n}\n// talks of speak()\n',
    'libs/scim/src/parse.test.ts': "it('refuses an empty filter', () => {});\n",
    'libs/scim/src/sql/find.sql': 'CREATE FUNCTION find_users(p_id text) RETURNS void\n',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return checkMap(folder).map(({ reference }) => reference);
}

describe('a reference', () => {
  it.each([
    '`libs/scim/src/parse.ts`',
    '`libs/scim/src`',
    '`src/parse.ts:parse`',
    '`src/parse.ts:read`',
    '`src/sql/find.sql:find_users`',
    '`src/parse.test.ts:refuses an empty filter`',
    '[the reader](src/parse.ts)',
    '[how to run it](../../README.md#run-it)',
    '[elsewhere](https://example.com/a)',
    '`libs/<name>/README.md`, `npm run build`, `GET /Users`',
    '```\nlibs/scim/src/gone.ts `libs/gone`\nnpm run build -- --quick\n```',
  ])('%j is accepted', (text) => {
    expect(brokenIn(text)).toEqual([]);
  });

  it.each([
    ['`libs/scim/src/gone.ts`', 'libs/scim/src/gone.ts'],
    ['`src/gone.ts`', 'src/gone.ts'],
    ['`src/parse.ts:gone`', 'src/parse.ts:gone'],
    ['`src/parse.ts:speak`', 'src/parse.ts:speak'],
    ['`src/sql/find.sql:find_groups`', 'src/sql/find.sql:find_groups'],
    ['`src/parse.test.ts:accepts an empty filter`', 'src/parse.test.ts:accepts an empty filter'],
    ['[gone](src/gone.ts)', 'src/gone.ts'],
    ['```\nnpm run gone\n```', 'npm run gone'],
    ['[gone](../../README.md#stop-it)', '../../README.md#stop-it'],
  ])('%j is reported', (text, reference) => {
    expect(brokenIn(text)).toEqual([reference]);
  });
});
