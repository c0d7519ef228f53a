import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Lockfile {
  packages: Record<string, { optionalDependencies?: Record<string, string>; extraneous?: boolean }>;
}

const LOCKFILES = ['package-lock.json', 'infra/bench/rivals/package-lock.json'];

// An entry of another platform that is missing makes `npm ci` fail there, or leaves out a compiled part without a word.
it.each(LOCKFILES)('%s holds every optional dependency that it names, for every platform', (path) => {
  const { packages } = readLockfile(path);
  const missing = Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isFound(packages, folder, name)),
  );
  expect(missing).toEqual([]);
});

it.each(LOCKFILES)('%s holds nothing that nobody depends on, which the next install would take out', (path) => {
  const extraneous = Object.entries(readLockfile(path).packages).filter(([, entry]) => entry.extraneous);
  expect(extraneous).toEqual([]);
});

function readLockfile(path: string): Lockfile {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as Lockfile;
}

/** Looks where Node.js looks: in `node_modules` of the package's folder, then of each folder above. */
function isFound(packages: Lockfile['packages'], folder: string, name: string): boolean {
  const here = folder === '' ? '' : `${folder}/`;
  if (`${here}node_modules/${name}` in packages) return true;
  if (folder === '') return false;
  return isFound(packages, folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/'))), name);
}
