/** The databases whose statements are known. */
export type SqlDialect = 'postgres' | 'sqlite';

const SAVE = `INSERT INTO rollcall_checkpoints (consumer, position) VALUES ($1, $2)
  ON CONFLICT (consumer) DO UPDATE SET position = excluded.position`;

const MOVE = `INSERT INTO rollcall_positions (directory_id, epoch, sequence) VALUES ($1, $2, $3)
  ON CONFLICT (directory_id) DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence`;

/** Nothing comes after the deletion of a directory, in its epoch. */
const LIST = `SELECT p.directory_id FROM rollcall_positions AS p
  LEFT JOIN rollcall_objects AS o ON o.directory_id = p.directory_id AND o.id = p.directory_id AND o.data IS NULL
    AND o.epoch = p.epoch AND o.sequence = p.sequence
  WHERE o.id IS NULL ORDER BY p.directory_id`;

const REPLACE = `ON CONFLICT (directory_id, id) DO UPDATE SET type = excluded.type, epoch = excluded.epoch,
  sequence = excluded.sequence, data = excluded.data`;

/** The directory's own row tells that it was deleted, and stays. */
const PEOPLE = `directory_id = $1 AND type <> 'directory'`;

const REMOVED = 'RETURNING id, type, data IS NULL AS deleted';

const COMMON = {
  readPosition: 'SELECT epoch, sequence FROM rollcall_positions WHERE directory_id = $1',
  listDirectories: LIST,
  loadCheckpoint: 'SELECT position FROM rollcall_checkpoints WHERE consumer = $1',
  saveCheckpoint: SAVE,
  move: MOVE,
  takeAll: `DELETE FROM rollcall_objects WHERE ${PEOPLE} ${REMOVED}`,
  takeOthers: `DELETE FROM rollcall_objects WHERE ${PEOPLE} AND (epoch, sequence) <> ($2, $3) ${REMOVED}`,
  forget: `DELETE FROM rollcall_objects WHERE ${PEOPLE} AND data IS NULL AND (epoch, sequence) <= ($2, $3)`,
};

interface Statements {
  readPosition: string;
  listDirectories: string;
  loadCheckpoint: string;
  saveCheckpoint: string;
  create: readonly string[];
  /** Null where a transaction that writes is the only one. */
  lock: string | null;
  upsert: string;
  versions: string;
  move: string;
  takeAll: string;
  takeOthers: string;
  forget: string;
}

const tables = (json: string): string[] => [
  `CREATE TABLE IF NOT EXISTS rollcall_positions (
    directory_id text PRIMARY KEY, epoch bigint NOT NULL, sequence bigint NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS rollcall_objects (
    directory_id text NOT NULL, id text NOT NULL, type text NOT NULL, epoch bigint NOT NULL, sequence bigint NOT NULL, data ${json},
    PRIMARY KEY (directory_id, id))`,
  'CREATE TABLE IF NOT EXISTS rollcall_checkpoints (consumer text PRIMARY KEY, position text NOT NULL)',
  'CREATE INDEX IF NOT EXISTS rollcall_objects_deleted ON rollcall_objects (directory_id) WHERE data IS NULL',
];

/** What a store of two tables sends, and how it keeps the positions of consumers. Parameters stand in order, each once. */
export const STATEMENTS: Readonly<Record<SqlDialect, Statements>> = {
  postgres: {
    ...COMMON,
    create: tables('jsonb'),
    // The function answers nothing that every driver could read, so a column beside it is asked for.
    lock: 'SELECT 1 AS locked FROM (SELECT pg_advisory_xact_lock(hashtextextended($1, 0))) AS taken',
    upsert: `INSERT INTO rollcall_objects (directory_id, id, type, epoch, sequence, data)
      SELECT $1, o.id, o.type, o.epoch, o.sequence, o.data
      FROM jsonb_to_recordset($2::text::jsonb) AS o (id text, type text, epoch bigint, sequence bigint, data jsonb) ${REPLACE}`,
    versions: `SELECT id, epoch, sequence, data IS NULL AS deleted FROM rollcall_objects
      WHERE directory_id = $1 AND id IN (SELECT jsonb_array_elements_text($2::text::jsonb))`,
  },
  sqlite: {
    ...COMMON,
    create: tables('text'),
    lock: null,
    upsert: `INSERT INTO rollcall_objects (directory_id, id, type, epoch, sequence, data)
      SELECT $1, json_extract(value, '$.id'), json_extract(value, '$.type'), json_extract(value, '$.epoch'),
        json_extract(value, '$.sequence'), json_extract(value, '$.data') FROM json_each($2) WHERE true ${REPLACE}`,
    versions: `SELECT id, epoch, sequence, data IS NULL AS deleted FROM rollcall_objects
      WHERE directory_id = $1 AND id IN (SELECT value FROM json_each($2))`,
  },
};
