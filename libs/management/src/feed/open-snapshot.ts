import type { DataSource, QueryRunner } from 'typeorm';
import { publicId } from '@rollcall/platform';
import { allowStatements, enterTenant, runStatement } from '@rollcall/database';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { renewNames } from './renew-names';
import type { PublishedUserRow } from './renew-names';

/** Rows fetched at a time, and the characters that they should not go far beyond: what a snapshot holds in memory. */
const FETCH = 200;
const FETCH_CHARACTERS = 1_000_000;
/** Before it is known how large they are. */
const FIRST_FETCH = 10;
/** PostgreSQL ends a snapshot that nobody reads from for this long. Who serves it cuts its reader off earlier. */
const STALL_LIMIT = '90s';
/** The memberships of a large directory are joined before the first of them comes. */
const STATEMENT_MS = 60_000;

/**
 * Opens a snapshot of what has been published of a directory, one REPEATABLE READ transaction over one connection, and returns its
 * NDJSON in chunks of whole lines. The transaction ends with the iteration; whoever gets the iterator must finish or return it,
 * within a bound: an open one keeps PostgreSQL from cleaning up. (Pages of several transactions would not be one view, and a file
 * to read ahead into would hold people's data on the disk of every process.)
 * Throws AppError `directory_not_found` before the first line.
 */
export async function openSnapshot(dataSource: DataSource, scope: DirectoryScope): Promise<AsyncGenerator<string>> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction('REPEATABLE READ');
    await runner.query('SET TRANSACTION READ ONLY');
    await enterTenant(runner, scope, {
      idle_in_transaction_session_timeout: STALL_LIMIT,
      statement_timeout: String(STATEMENT_MS),
    });
    restores.set(runner, allowStatements((await runner.connect()) as object, STATEMENT_MS));
    await requireDirectory(runner.manager, scope);
    const header = await readHeader(runner, scope.directoryId);
    return readLines(runner, scope.directoryId, header);
  } catch (error) {
    await endTransaction(runner);
    throw error;
  }
}

/** What to undo at the connection when it is given back. */
const restores = new WeakMap<QueryRunner, () => void>();

async function readHeader(runner: QueryRunner, directoryId: string): Promise<string> {
  const { rows } = await runStatement<{ last_sequence: string; epoch: string; time: Date }>(
    runner.manager,
    'SELECT last_sequence, epoch, clock_timestamp() AS time FROM directory_counters WHERE directory_id = $1',
    [directoryId],
  );
  return line({
    kind: 'header',
    directory_id: publicId('dir', directoryId),
    sequence: Number(rows[0]?.last_sequence ?? 0),
    epoch: Number(rows[0]?.epoch ?? 1),
    time: (rows[0]?.time ?? new Date()).toISOString(),
  });
}

async function* readLines(runner: QueryRunner, directoryId: string, header: string): AsyncGenerator<string> {
  const counts = { users: 0, groups: 0, memberships: 0 };
  try {
    yield header;
    for await (const rows of fetchAll<PublishedUserRow>(runner, USERS, directoryId)) {
      counts.users += rows.length;
      const users = await renewNames(runner.manager, directoryId, rows);
      yield users.map((data) => `{"kind":"user","data":${data}}\n`).join('');
    }
    for await (const rows of fetchAll<{ data: string }>(runner, GROUPS, directoryId)) {
      counts.groups += rows.length;
      yield rows.map(({ data }) => `{"kind":"group","data":${data}}\n`).join('');
    }
    for await (const rows of fetchAll<{ group_id: string; user_id: string }>(runner, MEMBERSHIPS, directoryId)) {
      counts.memberships += rows.length;
      yield rows.map(membershipLine).join('');
    }
    yield line({ kind: 'end', ...counts });
  } finally {
    await endTransaction(runner);
  }
}

const USERS = 'SELECT data, sequence FROM published_users WHERE directory_id = $1 ORDER BY id';
const GROUPS = 'SELECT data FROM published_groups WHERE directory_id = $1 ORDER BY id';
// A membership may stand before its user is published, and after its group is gone; neither is shown.
const MEMBERSHIPS = `SELECT m.group_id, m.user_id FROM published_memberships m
  JOIN published_users u ON u.directory_id = m.directory_id AND u.id = m.user_id
  JOIN published_groups g ON g.directory_id = m.directory_id AND g.id = m.group_id
  WHERE m.directory_id = $1`;

async function* fetchAll<Row extends object>(
  runner: QueryRunner,
  select: string,
  directoryId: string,
): AsyncGenerator<Row[]> {
  await runner.query(`DECLARE snapshot_rows NO SCROLL CURSOR FOR ${select}`, [directoryId]);
  for (let count = FIRST_FETCH; ;) {
    const { rows } = await runStatement<Row>(runner.manager, `FETCH ${count} FROM snapshot_rows`);
    if (rows.length === 0) break;
    count = nextFetch(rows);
    yield rows;
  }
  await runner.query('CLOSE snapshot_rows');
}

/** As many rows as fit, if they are as large as the largest of those before. */
function nextFetch(rows: readonly object[]): number {
  const largest = Math.max(...rows.map((row) => ('data' in row ? String(row.data).length : 100)));
  return Math.min(FETCH, Math.ceil(FETCH_CHARACTERS / largest));
}

function membershipLine({ group_id, user_id }: { group_id: string; user_id: string }): string {
  return line({
    kind: 'membership',
    group_id: publicId('dirgroup', group_id),
    user_id: publicId('diruser', user_id),
  });
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** The connection may be gone already, ended by PostgreSQL after a stall. */
async function endTransaction(runner: QueryRunner): Promise<void> {
  await runner.rollbackTransaction().catch(() => undefined);
  restores.get(runner)?.();
  await runner.release().catch(() => undefined);
}
