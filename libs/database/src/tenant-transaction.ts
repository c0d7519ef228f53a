import type { DataSource, EntityManager } from 'typeorm';

/** Whose rows a transaction may see. environmentId for what an app owner manages, directoryId for what SCIM feeds; or both. */
export interface Tenant {
  environmentId?: string;
  directoryId?: string;
}

/**
 * Runs `work` in one READ COMMITTED transaction as the given tenant (row-level security) and returns its result. Deadlocks
 * (40P01) and serialization failures (40001) are run again, at most `attempts` times in all: `work` must have no effect outside.
 */
export async function tenantTransaction<T>(
  dataSource: DataSource,
  tenant: Tenant,
  work: (manager: EntityManager) => Promise<T>,
  attempts = 5,
): Promise<T> {
  return retrySerialization(
    () =>
      dataSource.transaction(async (manager) => {
        await manager.query(
          `SELECT set_config('rollcall.environment_id', $1, true), set_config('rollcall.directory_id', $2, true)`,
          [tenant.environmentId ?? '', tenant.directoryId ?? ''],
        );
        return work(manager);
      }),
    attempts,
  );
}

/** Calls `run` again while PostgreSQL asks for it (SQLSTATE 40001, 40P01); other errors and the last attempt's pass through. */
export async function retrySerialization<T>(run: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const state = sqlState(error);
      if (attempt >= attempts || (state !== '40001' && state !== '40P01')) throw error;
    }
  }
}

/** SQLSTATE of an error thrown by pg or TypeORM, or undefined. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const state = driverError?.code ?? code;
  return typeof state === 'string' ? state : undefined;
}

/** Name of the constraint that a statement broke, or undefined. */
export function violatedConstraint(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { constraint, driverError } = error as { constraint?: string; driverError?: { constraint?: string } };
  return driverError?.constraint ?? constraint;
}
