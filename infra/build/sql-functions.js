import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../libs/database/src/sql', import.meta.url));
const NAME = 'virtual:sql-functions';
const ID = `\0${NAME}`;

/**
 * A plugin for rolldown and vitest: the module `virtual:sql-functions` holds every function of libs/database/src/sql, so that a new
 * file needs no list and the programs need no folder beside them.
 */
export function sqlFunctions() {
  return {
    name: 'sql-functions',
    resolveId: (id) => (id === NAME ? ID : null),
    load(id) {
      if (id !== ID) return null;
      const functions = readSqlFunctions();
      for (const { path } of functions) this.addWatchFile(join(FOLDER, path));
      return `export const sqlFunctions = ${JSON.stringify(functions)};`;
    },
  };
}

/** @returns {import('./sql-functions').SqlFunction[]} the functions of the .sql files below a folder, in the order of their paths */
export function readSqlFunctions(folder = FOLDER) {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sql'));
  return paths
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => parseSqlFunction(path, readFileSync(join(folder, path), 'utf8')));
}

const DEFINITION = /^CREATE OR REPLACE FUNCTION (\w+)\(([^$]*?)\)\s(?:RETURNS ([^$]*?)\s)?LANGUAGE /m;

/**
 * Reads what a file says of its function; empty texts where it is not written as the others are (see check-sql.js).
 * @param {string} path @param {string} text @returns {import('./sql-functions').SqlFunction}
 */
export function parseSqlFunction(path, text) {
  const [, name = '', parameters = '', results = ''] =
    DEFINITION.exec(text)?.map((part) => onOneLine(part ?? '')) ?? [];
  const parameterTypes = parameters
    .split(', ')
    .filter((parameter) => parameter !== '' && !parameter.startsWith('OUT '))
    .map((parameter) => parameter.replace(/^(IN|INOUT) /, '').replace(/^\w+ /, ''));
  return { path, name, signature: `(${parameters})${results && ` RETURNS ${results}`}`, parameterTypes, text };
}

function onOneLine(text) {
  return text.replaceAll(/\s+/g, ' ').replaceAll('( ', '(').replaceAll(' )', ')').trim();
}
