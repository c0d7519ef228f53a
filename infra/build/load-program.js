import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

// Stands beside each built program, which is loaded through it.

/** Of another version of Node.js, compiled code would be refused or worse. */
const CACHE = `.${process.version}-${process.arch}.cache`;
const [WRAPPED_IN = ''] = module.wrap('\n').split('\n');
/** From Node.js 22 on, it keeps compiled code by itself. */
const isOurs = !module.enableCompileCache;

/**
 * Loads a bundle, with the compiled code that the build has left beside it: half of what loading takes is to compile.
 * @param {string} file
 * @returns {{ run: () => unknown }} what it exports
 */
export function loadProgram(file) {
  if (isOurs) takeCompiledCode();
  return createRequire(pathToFileURL(file))(file);
}

/** Loads the bundles of a folder, without running a program, and leaves beside each its compiled code. @param {string} folder */
export function keepCompiledCode(folder) {
  if (!isOurs) return;
  const files = readdirSync(folder).filter((name) => name.endsWith('.cjs'));
  const scripts = new Map(files.map((name) => [join(folder, name), undefined]));
  takeCompiledCode(scripts);
  const strange = [...scripts.keys()].find((file) => /[^\0-\x7F]/.test(readText(file)));
  if (strange) throw new Error(`${strange} is not ASCII alone.`);
  for (const file of scripts.keys()) createRequire(pathToFileURL(file))(file);
  for (const [file, script] of scripts) writeFileSync(file + CACHE, script.createCachedData());
}

/** ASCII alone, which is read so ten times as fast. @param {string} file */
const readText = (file) => readFileSync(file, 'latin1');

/** @param {Map<string, Script | undefined>} scripts files whose compiled code is to be kept, and where their scripts go */
function takeCompiledCode(scripts = new Map()) {
  module._extensions['.cjs'] = (loaded, filename) => {
    const cache = filename + CACHE;
    const isKept = scripts.has(filename);
    if (!isKept && !existsSync(cache)) return module._extensions['.js'](loaded, filename);
    const script = new Script(module.wrap(readText(filename)), {
      filename,
      columnOffset: -WRAPPED_IN.length,
      cachedData: isKept ? undefined : readFileSync(cache),
    });
    if (isKept) scripts.set(filename, script);
    const { exports } = loaded;
    script.runInThisContext().call(exports, exports, createRequire(filename), loaded, filename, dirname(filename));
  };
}
