import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = join(ROOT, 'libs/sdk');
const CONTRACT = join(ROOT, 'libs/contract/src');

/** The modules that the package offers, each `src/<name>.ts`. */
const ENTRIES = Object.keys(JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8')).exports).map((path) =>
  path === '.' ? 'index' : path.slice('./'.length),
);

/**
 * Builds @rollcall/sdk as it is published: an ES module for each entry and what they share, their types, its package.json, README
 * and licence. What it takes from the contract is in it.
 * @param {string} folder is emptied first
 */
export async function packageSdk(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tsconfig = join(ROOT, 'tsconfig.base.json');
  const input = Object.fromEntries(ENTRIES.map((name) => [name, sourceOf(name)]));
  const bundle = await rolldown({ input, platform: 'neutral', tsconfig });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'shared/[name].js' });
  await bundle.close();
  writeTypes(folder);
  for (const name of ['package.json', 'README.md']) copyFileSync(join(SOURCE, name), join(folder, name));
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
}

const sourceOf = (name) => join(SOURCE, `src/${name}.ts`);

/** One declaration file per source file; throws what the compiler reports. */
function writeTypes(folder) {
  const config = join(SOURCE, 'tsconfig.json');
  const { config: json } = ts.readConfigFile(config, (path) => ts.sys.readFile(path));
  const overrides = { noEmit: false, declaration: true, emitDeclarationOnly: true };
  const { options } = ts.parseJsonConfigFileContent(json, ts.sys, SOURCE, overrides, config);
  const program = ts.createProgram(ENTRIES.map(sourceOf), options);
  const written = program.emit(undefined, (path, text) => {
    const file = join(folder, placeOf(path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, addExtensions(pointToContract(text, relative(dirname(file), join(folder, 'contract')))));
  });
  const errors = [...ts.getPreEmitDiagnostics(program), ...written.diagnostics];
  if (errors.length === 0) return;
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => ROOT, getNewLine: () => '\n' };
  throw new Error(ts.formatDiagnostics(errors, host));
}

/** Where a declaration file stands in the package: the SDK's own as in its sources, the contract's beside them. */
function placeOf(path) {
  const inContract = relative(CONTRACT, path);
  return inContract.startsWith('..') ? relative(join(SOURCE, 'src'), path) : join('contract', inContract);
}

/** @param {string} contract the folder of the contract, as the file sees it */
function pointToContract(declarations, contract) {
  const path = contract.startsWith('.') ? contract : `./${contract}`;
  return declarations.replaceAll(/(['"])@rollcall\/contract\1/g, `$1${path}/index$1`);
}

/** Node.js and `moduleResolution: nodenext` want whole file names; here a bundler resolves them. */
function addExtensions(declarations) {
  return declarations.replaceAll(/((?:from|import)\s*\(?\s*['"])(\.[^'"]*)(['"])/g, (_, before, path, after) => {
    const isFolder = path.endsWith('.');
    return `${before}${path}${isFolder ? '/index' : ''}.js${after}`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await packageSdk(join(ROOT, 'dist/libs/sdk'));
