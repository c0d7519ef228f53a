import { createSqlStore } from './sync/sql-store';
import type { SqlStore, SqlStoreOptions } from './sync/sql-store';

export type { ObjectChanges, SqlStore, SqlStoreOptions } from './sync/sql-store';

/** What is used of a connection of `pg`. */
export interface PgClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** What is used of a `Pool` of `pg`. */
export interface PgPool<Client extends PgClient> {
  connect(): Promise<Client & { release(error?: Error | boolean): void }>;
}

/**
 * A store in PostgreSQL through your own `pg`.
 * @param options `onChange` is given the connection that has the transaction open
 */
export function createPgStore<Client extends PgClient>(
  pool: PgPool<Client>,
  options: SqlStoreOptions<Client> = {},
): SqlStore {
  return createSqlStore<Client>(
    {
      dialect: 'postgres',
      async transact(work) {
        const client = await pool.connect();
        const query = async (sql: string, values: readonly unknown[]) => (await client.query(sql, [...values])).rows;
        try {
          await client.query('BEGIN');
          const result = await work({ query, run: async (sql, values) => void (await query(sql, values)) }, client);
          await client.query('COMMIT');
          client.release();
          return result;
        } catch (error) {
          // A connection that cannot even roll back is thrown away.
          await client.query('ROLLBACK').then(
            () => client.release(),
            () => client.release(true),
          );
          throw error;
        }
      },
    },
    options,
  );
}
