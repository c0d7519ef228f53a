import type { RollcallDatabase } from '../systems/rollcall-database';

type Admin = RollcallDatabase['admin'];

/** Where a user and what follows from it is stored. */
const TABLES = ['directory_users', 'directory_user_emails', 'published_users', 'search_terms', 'events'] as const;

export type Counts = Record<(typeof TABLES)[number], number>;

/** An id keeps its time and its random end: only these must differ between a row and its copies. */
const COPIED_ID = (column: string) => `left(${column}, 10) || mark || substr(${column}, 15)`;
const MARKED = (column: string) => `mark || ${column}`;
const NEXT = (column: string) => `${column} + n * $2::bigint`;

/** What differs in a copy, by its column. */
const DIFFERENT: Readonly<Record<string, (column: string) => string>> = {
  id: COPIED_ID,
  user_id: COPIED_ID,
  resource_id: COPIED_ID,
  user_name_key: MARKED,
  external_id: MARKED,
  value_key: MARKED,
  sequence: NEXT,
  terms_sequence: NEXT,
};

/** Stores the users of the only directory so many times more, with what follows from them: the same people with other ids and names. */
export async function copyDirectory(admin: Admin, copies: number): Promise<void> {
  const { rows } = await admin.query<{ last: string }>('SELECT max(sequence) AS last FROM events');
  for (const table of TABLES) {
    const { rows: columns } = await admin.query<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
      [table],
    );
    const names = columns.map(({ name }) => name);
    const values = names.map((name) => DIFFERENT[name]?.(name) ?? name);
    await admin.query(
      `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${table}
       CROSS JOIN (SELECT n, lpad(to_hex(n), 4, '0') AS mark, $2::bigint AS step FROM generate_series(1, $1::integer) AS n) AS copies`,
      [copies, rows[0]?.last],
    );
  }
  await admin.query('VACUUM (ANALYZE)');
}

/** How many rows each table has. */
export async function countRows(admin: Admin): Promise<Counts> {
  const counts = TABLES.map((table) => `(SELECT count(*)::integer FROM ${table}) AS ${table}`);
  const { rows } = await admin.query<Counts>(`SELECT ${counts.join(', ')}`);
  const [found] = rows;
  if (!found) throw new Error('a count has one row');
  return found;
}
