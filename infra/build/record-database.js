import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSqlFunctions } from './sql-functions.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MIGRATIONS = 'libs/database/src/migrations';
const RECORD = 'libs/database/src/database-record.json';

/**
 * What libs/database is at: its version, the oldest version of a process that it serves, and checksums by which a change of a landed
 * migration or of a function's signature is noticed.
 * @typedef {{ migrations: Record<string, string>, functions: Record<string, { signature: string, sha256: string }> }} Content
 * @typedef {Content & { version: number, oldestServed: number }} DatabaseRecord
 */

/** @returns {DatabaseRecord} the record as it was committed */
export function readRecord() {
  return JSON.parse(readFileSync(join(ROOT, RECORD), 'utf8'));
}

/** @returns {Content} what the record should say of the files as they are */
export function readContent() {
  const paths = readdirSync(join(ROOT, MIGRATIONS), { recursive: true, encoding: 'utf8' });
  const migrations = paths
    .filter((path) => path.endsWith('.ts') && path !== 'index.ts')
    .map((path) => path.replaceAll('\\', '/'));
  return {
    migrations: Object.fromEntries(
      migrations.toSorted().map((path) => [path, sha256(readFileSync(join(ROOT, MIGRATIONS, path), 'utf8'))]),
    ),
    functions: Object.fromEntries(
      readSqlFunctions()
        .toSorted((one, other) => (one.name < other.name ? -1 : 1))
        .map(({ name, signature, text }) => [name, { signature, sha256: sha256(text) }]),
    ),
  };
}

/** @param {DatabaseRecord} record @param {Content} content @returns {string[]} what may not change, with what to do instead */
export function findForbidden(record, content) {
  const migrations = Object.entries(record.migrations)
    .filter(([path, checksum]) => content.migrations[path] !== checksum)
    .map(
      ([path]) =>
        `${MIGRATIONS}/${path} has landed, databases were made with it: take the change back and add a migration.`,
    );
  const signatures = Object.entries(record.functions)
    .filter(([name, { signature }]) => content.functions[name] && content.functions[name].signature !== signature)
    .map(
      ([name]) =>
        `${name} has another signature than in version ${record.version}, whose processes call it while others are upgraded: leave it as it was and give the changed function a new name.`,
    );
  const oldest =
    record.oldestServed > record.version ? [`${RECORD} serves no process: oldestServed is above version.`] : [];
  return [...migrations, ...signatures, ...oldest];
}

/** @param {DatabaseRecord} record @param {Content} content @returns {string[]} what differs from the record */
export function findUnrecorded(record, content) {
  return ['migrations', 'functions'].flatMap((kind) =>
    [...new Set([...Object.keys(record[kind]), ...Object.keys(content[kind])])].filter(
      (name) => JSON.stringify(record[kind][name]) !== JSON.stringify(content[kind][name]),
    ),
  );
}

/** Brings the record to the files, as a new version. @returns {number} the exit code */
function recordDatabase() {
  const [record, content] = [readRecord(), readContent()];
  const forbidden = findForbidden(record, content);
  const changed = findUnrecorded(record, content);
  for (const sentence of forbidden) console.error(sentence);
  if (forbidden.length > 0) return 1;
  if (changed.length === 0) {
    console.log(`Version ${record.version} is as recorded.`);
    return 0;
  }
  const next = { version: record.version + 1, oldestServed: record.oldestServed, ...content };
  writeFileSync(join(ROOT, RECORD), `${JSON.stringify(next, null, 2)}\n`);
  console.log(`Version ${next.version} is recorded: ${changed.join(', ')}.`);
  return 0;
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = recordDatabase();
