import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = join(ROOT, 'libs/sdk');

/**
 * Builds @rollcall/sdk as it is published: one ES module, its types, its package.json, README and licence.
 * @param {string} folder is emptied first
 */
export async function packageSdk(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bundle = await rolldown({ input: join(SOURCE, 'src/index.ts'), platform: 'neutral' });
  await bundle.write({ file: join(folder, 'index.js'), format: 'esm' });
  await bundle.close();
  writeTypes(folder);
  for (const name of ['package.json', 'README.md']) copyFileSync(join(SOURCE, name), join(folder, name));
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
}

/** One declaration file per source file; throws what the compiler reports. */
function writeTypes(folder) {
  const config = join(SOURCE, 'tsconfig.json');
  const { config: json } = ts.readConfigFile(config, (path) => ts.sys.readFile(path));
  const overrides = { noEmit: false, declaration: true, emitDeclarationOnly: true };
  const { options } = ts.parseJsonConfigFileContent(json, ts.sys, SOURCE, overrides, config);
  const program = ts.createProgram([join(SOURCE, 'src/index.ts')], options);
  const written = program.emit(undefined, (path, text) => {
    const file = join(folder, relative(join(SOURCE, 'src'), path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, addExtensions(text));
  });
  const errors = [...ts.getPreEmitDiagnostics(program), ...written.diagnostics];
  if (errors.length === 0) return;
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => ROOT, getNewLine: () => '\n' };
  throw new Error(ts.formatDiagnostics(errors, host));
}

/** Node.js and `moduleResolution: nodenext` want whole file names; here a bundler resolves them. */
function addExtensions(declarations) {
  return declarations.replaceAll(/((?:from|import)\s*\(?\s*['"])(\.[^'"]+)(['"])/g, '$1$2.js$3');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await packageSdk(join(ROOT, 'dist/libs/sdk'));
