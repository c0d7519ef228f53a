import { createSqlStore } from './sync/sql-store';
import type { SqlStore, SqlStoreOptions, SqlValue } from './sync/sql-store';

export type { ObjectChanges, SqlStore, SqlStoreOptions } from './sync/sql-store';

/** What is used of a database of `node:sqlite` (DatabaseSync), `better-sqlite3` or `bun:sqlite`. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): {
    run(...values: SqlValue[]): unknown;
    all(...values: SqlValue[]): unknown[];
  };
}

/**
 * A store in SQLite (3.38 or newer) through a connection of your own. Its transactions follow each other and wait for nothing but
 * `onChange`; nothing else may leave a transaction open on the same connection over an `await`.
 * @param options `onChange` is given the connection, on which the transaction is open: it may not wait for anything else
 */
export function createSqliteStore<Database extends SqliteDatabase>(
  database: Database,
  options: SqlStoreOptions<Database> = {},
): SqlStore {
  let last: Promise<unknown> = Promise.resolve();
  const session = {
    query: async (sql: string, values: readonly SqlValue[]) =>
      database.prepare(asPositional(sql)).all(...values) as Record<string, unknown>[],
    run: async (sql: string, values: readonly SqlValue[]) => void database.prepare(asPositional(sql)).run(...values),
  };
  return createSqlStore<Database>(
    {
      dialect: 'sqlite',
      transact(work) {
        // The connection is one: who comes next waits, whatever became of the one before.
        const running = last.then(async () => {
          database.exec('BEGIN IMMEDIATE');
          try {
            const result = await work(session, database);
            database.exec('COMMIT');
            return result;
          } catch (error) {
            rollBack(database);
            throw error;
          }
        });
        last = running.catch(() => undefined);
        return running;
      },
    },
    options,
  );
}

/** SQLite has ended the transaction itself after some errors, such as a full disk; what is told is the error. */
function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // There was nothing left to roll back.
  }
}

/** Of the two forms the one that every driver binds by place. */
const asPositional = (sql: string): string => sql.replaceAll(/\$\d+/g, '?');
