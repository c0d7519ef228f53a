import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { SECTIONS } from '../../../docs/src/navigation';
import { readPage } from '../../../docs/src/read-page';
import type { Page } from '../../../docs/src/read-page';
import { readCodeBlocks } from '../../../docs/src/render-markdown';
import type { CodeBlock } from '../../../docs/src/render-markdown';
import { packageSdk } from '../../../../infra/build/package-sdk.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const PAGES = join(ROOT, 'apps/docs/pages');

/** What the pages' code imports besides the SDK, and the types that the compiler wants of it. */
const PACKAGES = [
  '@auth',
  '@nestjs',
  '@types',
  'better-auth',
  'express',
  'reflect-metadata',
  'supertokens-node',
  'undici-types',
];

/** A page that is written by hand, with its code. */
export interface WrittenPage extends Page {
  readonly blocks: readonly CodeBlock[];
}

/** Every page that is written by hand; the others have no code. */
export function readWrittenPages(): WrittenPage[] {
  const slugs = SECTIONS.flatMap(({ pages }) => pages).filter((slug) => !/^(errors|providers)(\/|$)/.test(slug));
  return slugs.map((slug) => {
    const page = readPage(slug, readFileSync(join(PAGES, `${slug === '' ? 'index' : slug}.md`), 'utf8'));
    return { ...page, blocks: readCodeBlocks(page.body) };
  });
}

/** A project of a reader: TypeScript with the SDK as it is published. */
export interface DocsProject {
  readonly folder: string;
  /** The folder of a page in it. */
  folderOf(slug: string): string;
  /** What the compiler has against the pages' code; empty when nothing. */
  check(): string[];
  remove(): void;
}

/** Writes the code of the pages into a project, a folder for each page, and beside each file what Node.js runs. */
export async function createDocsProject(pages: readonly WrittenPage[]): Promise<DocsProject> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-docs-'));
  const modules = join(folder, 'node_modules');
  await packageSdk(join(modules, '@rollcall/sdk'));
  for (const name of PACKAGES) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const files = pages.flatMap(({ slug, blocks }) =>
    blocks
      .filter(({ language, file }) => language === 'ts' && file !== null)
      .map(({ file, code }) => ({ path: join(folder, slug, file ?? ''), code })),
  );
  for (const { path, code } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
    writeFileSync(path.replace(/\.ts$/, '.js'), ts.transpileModule(code, { compilerOptions: TRANSPILE }).outputText);
  }
  return {
    folder,
    folderOf: (slug) => join(folder, slug),
    check: () => {
      const program = ts.createProgram(
        files.map(({ path }) => path),
        OPTIONS,
      );
      return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
        const text = ts.flattenDiagnosticMessageText(messageText, ' ');
        return `${file?.fileName.slice(folder.length + 1) ?? ''}: ${text}`;
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
  noEmit: true,
};

/** The project says that its files are ES modules, which the compiler does not see of one file alone. */
const TRANSPILE: ts.CompilerOptions = { ...OPTIONS, module: ts.ModuleKind.ESNext, noEmit: false };
