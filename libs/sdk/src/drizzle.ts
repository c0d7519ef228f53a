import { createSqlStore } from './sync/sql-store';
import type { SqlStore, SqlStoreOptions } from './sync/sql-store';

export type { ObjectChanges, SqlStore, SqlStoreOptions } from './sync/sql-store';

/** What is used of a transaction of Drizzle on PostgreSQL. */
export interface DrizzleTransaction<Query> {
  execute(query: Query): PromiseLike<unknown>;
}

/** What is used of a database of Drizzle on PostgreSQL, whatever its driver. */
export interface DrizzleDatabase<Query, Transaction extends DrizzleTransaction<Query>> {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** `sql` of `drizzle-orm`: the template tag with which it builds a query and its parameters. */
export type DrizzleSql<Query> = (strings: TemplateStringsArray, ...values: unknown[]) => Query;

/**
 * A store in PostgreSQL through your own Drizzle.
 * @param sql is that of `drizzle-orm`
 * @param options `onChange` is given Drizzle's transaction
 */
export function createDrizzleStore<Query, Transaction extends DrizzleTransaction<Query>>(
  database: DrizzleDatabase<Query, Transaction>,
  sql: DrizzleSql<Query>,
  options: SqlStoreOptions<Transaction> = {},
): SqlStore {
  return createSqlStore<Transaction>(
    {
      dialect: 'postgres',
      transact: (work) =>
        database.transaction((transaction) => {
          const query = async (text: string, values: readonly unknown[]) =>
            rowsOf(await transaction.execute(sql(asTemplate(text), ...values)));
          return work({ query, run: async (text, values) => void (await query(text, values)) }, transaction);
        }),
    },
    options,
  );
}

/** A statement as a template tag gets it: what stands between its parameters, which stand in order. */
function asTemplate(text: string): TemplateStringsArray {
  const strings = text.split(/\$\d+/);
  return Object.assign(strings, { raw: strings });
}

/** Drivers answer the rows themselves, or an object that has them. */
function rowsOf(answer: unknown): Record<string, unknown>[] {
  const rows = Array.isArray(answer) ? answer : (answer as { rows?: unknown }).rows;
  return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
}
