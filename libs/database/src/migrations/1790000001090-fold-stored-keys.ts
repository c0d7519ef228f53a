import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The keys by which users and groups are found were in lower case and no more. From now on they are folded for width and to NFC as
 * well, and those that are stored have to be as what is looked up. Where two resources of a directory come to have the same unique
 * key, the one that has it already or else the older one gets it; the other keeps its key and is found by everything else.
 */
export class FoldStoredKeys1790000001090 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    for (const [table, column] of UNIQUE_KEYS) await foldUnique(runner, table, column);
    await runner.query(
      `UPDATE directory_users SET display_name_key = ${fold('display_name_key')} WHERE ${isUnfolded('display_name_key')}`,
      WIDTHS,
    );
    await runner.query(
      `UPDATE directory_users u SET email_keys = ARRAY(
         SELECT f.key FROM (
           SELECT CASE WHEN octet_length(e.key) > 512 THEN e.key ELSE ${fold('e.key')} END AS key, min(e.place) AS place
           FROM unnest(u.email_keys) WITH ORDINALITY AS e (key, place) GROUP BY 1) f ORDER BY f.place)
       WHERE EXISTS (SELECT FROM unnest(u.email_keys) AS e (key) WHERE ${isUnfolded('e.key')})`,
      WIDTHS,
    );
    await runner.query(
      `INSERT INTO directory_user_emails (directory_id, value_key, user_id)
       SELECT directory_id, ${fold('value_key')}, user_id FROM directory_user_emails WHERE ${isUnfolded('value_key')}
       ON CONFLICT DO NOTHING`,
      WIDTHS,
    );
    await runner.query(`DELETE FROM directory_user_emails WHERE ${isUnfolded('value_key')}`, WIDTHS);
  }

  /** What is folded more than it needs to be is found as well; nothing tells what it was. */
  down(): Promise<void> {
    return Promise.resolve();
  }
}

const UNIQUE_KEYS = [
  ['directory_users', 'user_name_key'],
  ['directory_groups', 'display_name_key'],
] as const;

function foldUnique(runner: QueryRunner, table: string, column: string): Promise<unknown> {
  return runner.query(
    `UPDATE ${table} r SET ${column} = f.key FROM (
       SELECT DISTINCT ON (directory_id, key) directory_id, id, key
       FROM (SELECT directory_id, id, ${fold(column)} AS key FROM ${table} WHERE ${isUnfolded(column)}) u
       ORDER BY directory_id, key, id) f
     WHERE r.directory_id = f.directory_id AND r.id = f.id
       AND NOT EXISTS (SELECT FROM ${table} o WHERE o.directory_id = f.directory_id AND o.${column} = f.key)`,
    WIDTHS,
  );
}

/** Lower case is there already. $1, $2: WIDTHS. */
function fold(key: string): string {
  return `normalize(translate(${key}, $1, $2), NFC) COLLATE "C"`;
}

/** Nothing changes in ASCII, which is told without folding it, and in what is longer than a name, which is not folded. */
function isUnfolded(key: string): string {
  return `CASE WHEN octet_length(${key}) = char_length(${key}) OR octet_length(${key}) > 512 THEN false ELSE ${key} <> ${fold(key)} END`;
}

/** Full- and halfwidth characters and what they stand for, and the final sigma; as the program of this version folds them. */
const WIDTHS = mapWidths();

function mapWidths(): [string, string] {
  const map = new Map([
    ['\u3000', ' '],
    ['\uffe3', '\u00af'],
    ['ς', 'σ'],
  ]);
  const hangul = [
    [0xffa0, 1, 0x3164],
    [0xffa1, 30, 0x3131],
    [0xffc2, 6, 0x314f],
    [0xffca, 6, 0x3155],
    [0xffd2, 6, 0x315b],
    [0xffda, 3, 0x3161],
  ] as const;
  for (const [first, count, target] of hangul) {
    for (let n = 0; n < count; n++) map.set(String.fromCharCode(first + n), String.fromCharCode(target + n));
  }
  for (let code = 0xff01; code <= 0xffee; code++) {
    const character = String.fromCharCode(code);
    if (!map.has(character)) map.set(character, character.normalize('NFKC'));
  }
  return [[...map.keys()].join(''), [...map.values()].join('')];
}
