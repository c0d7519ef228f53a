import { createSqlStore } from './sync/sql-store';
import type { SqlStore, SqlStoreOptions } from './sync/sql-store';

export type { ObjectChanges, SqlStore, SqlStoreOptions } from './sync/sql-store';

/** What is used of a transaction of Prisma. */
export interface PrismaTransaction {
  $queryRawUnsafe(query: string, ...values: unknown[]): PromiseLike<unknown>;
  $executeRawUnsafe(query: string, ...values: unknown[]): PromiseLike<number>;
}

/** What is used of a `PrismaClient` on PostgreSQL. */
export interface PrismaDatabase<Transaction extends PrismaTransaction> {
  $transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: { timeout?: number },
  ): Promise<Result>;
}

/** Prisma ends a transaction after five seconds unless it is told otherwise; a large snapshot takes longer. */
const TIMEOUT_MS = 300_000;

/**
 * A store in PostgreSQL through your own `PrismaClient`. Statements are fixed and their values are parameters: "unsafe" is Prisma's name for
 * statements that are given as text.
 * @param options `onChange` is given Prisma's transaction
 */
export function createPrismaStore<Transaction extends PrismaTransaction>(
  prisma: PrismaDatabase<Transaction>,
  options: SqlStoreOptions<Transaction> = {},
): SqlStore {
  return createSqlStore<Transaction>(
    {
      dialect: 'postgres',
      transact: (work) =>
        prisma.$transaction(
          (transaction) =>
            work(
              {
                query: async (sql, values) =>
                  (await transaction.$queryRawUnsafe(withTypes(sql), ...values)) as Record<string, unknown>[],
                run: async (sql, values) => void (await transaction.$executeRawUnsafe(withTypes(sql), ...values)),
              },
              transaction,
            ),
          { timeout: TIMEOUT_MS },
        ),
    },
    options,
  );
}

/** Prisma sends a whole number as the smallest type that holds it; next to each other such parameters need one type. */
function withTypes(sql: string): string {
  return sql.replaceAll('($2, $3)', '($2::bigint, $3::bigint)');
}
