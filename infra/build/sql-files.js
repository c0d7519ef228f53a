import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../libs/database/src/sql', import.meta.url));
const NAME = 'virtual:sql-files';
const ID = `\0${NAME}`;

/**
 * A plugin for rolldown and vitest: the module `virtual:sql-files` holds the text of every .sql file of libs/database, so that a
 * new file needs no list and the programs need no folder beside them.
 */
export function sqlFiles() {
  return {
    name: 'sql-files',
    resolveId: (id) => (id === NAME ? ID : null),
    load(id) {
      if (id !== ID) return null;
      const files = readSqlFiles();
      for (const path of Object.keys(files)) this.addWatchFile(join(FOLDER, path));
      return `export const sqlFiles = ${JSON.stringify(files)};`;
    },
  };
}

/** @returns {Record<string, string>} the text of each .sql file by its path below the folder */
export function readSqlFiles(folder = FOLDER) {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sql'));
  return Object.fromEntries(
    paths.toSorted().map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]),
  );
}
