import type { DataSource, EntityManager } from 'typeorm';
import { prepared } from './prepare-statements';

/**
 * Whose rows a transaction may see: those of the environment, which the credential gave, and what SCIM feeds into one directory of it.
 * A directory of another environment has no rows.
 */
export interface Tenant {
  environmentId: string;
  directoryId?: string;
  /** The member of the dashboard whose own rows are seen besides, such as sessions and passkeys. */
  memberId?: string;
}

/** A tenant that is one member of the dashboard, in no environment. */
export function ofMember(memberId: string): Tenant {
  return { environmentId: '', memberId };
}

/** What a transaction is run with beside its tenant. */
export interface TransactionSettings extends Tenant {
  /** A statement that takes longer is ended (SQLSTATE 57014); without it by the session's own bound. */
  statementTimeoutMs?: number;
  /** For statements that are prepared, and good with any parameters: they are planned once and not for each of the first. */
  planOnce?: boolean;
}

/**
 * Runs `work` in one READ COMMITTED transaction as the given tenant (row-level security) and returns its result. Deadlocks
 * (40P01) and serialization failures (40001) are run again: `work` must have no effect outside. With `lockMs` it waits for no
 * lock longer than that (then SQLSTATE 55P03), else as long as its statements may take.
 * The tenant is set with the first statement of `work`, which goes out right behind: all of `work` uses the manager, never the
 * connection below it, and begins no transaction of its own.
 */
export async function tenantTransaction<T>(
  dataSource: DataSource,
  settings: TransactionSettings,
  work: (manager: EntityManager) => Promise<T>,
  lockMs?: number,
): Promise<T> {
  const { statementTimeoutMs, planOnce } = settings;
  return retrySerialization(() =>
    dataSource.transaction(async (manager) => {
      const entered = enterTenant(manager, settings, {
        ...(lockMs !== undefined && { lock_timeout: String(lockMs) }),
        ...(statementTimeoutMs !== undefined && { statement_timeout: String(statementTimeoutMs) }),
        ...(planOnce && { plan_cache_mode: 'force_generic_plan' }),
      });
      const [, worked] = await inPipeline(entered, (async () => work(manager))());
      return worked;
    }),
  );
}

/**
 * Waits for statements of one transaction that were sent without waiting for each other's answers (PostgreSQL runs them in the order
 * they were sent in), or for work of such. When one fails the others are waited for as well, so that none of them runs after the
 * transaction has ended. What is thrown is the first failure that says more than that another one has aborted the transaction.
 */
export async function inPipeline<const Sent extends readonly Promise<unknown>[]>(
  ...sent: Sent
): Promise<{ -readonly [I in keyof Sent]: Awaited<Sent[I]> }> {
  const results = await Promise.allSettled(sent);
  const failures = results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason);
  if (failures.length > 0) throw failures.find((failure) => sqlState(failure) !== ABORTED) ?? failures[0];
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as {
    -readonly [I in keyof Sent]: Awaited<Sent[I]>;
  };
}

/** SQLSTATE in_failed_sql_transaction. */
const ABORTED = '25P02';

/**
 * Sets whose rows the rest of a transaction sees, and settings for it, in one round trip. The one place that sets the tenant, but for the
 * functions that SCIM and deliveries call.
 */
export async function enterTenant(
  transaction: Pick<EntityManager, 'query'>,
  { environmentId, directoryId = '', memberId }: Tenant,
  given: Readonly<Record<string, string>> = {},
): Promise<void> {
  const settings = { ...given, ...(memberId !== undefined && { 'rollcall.member_id': memberId }) };
  await transaction.query(enterStatement(Object.keys(settings)), [
    environmentId,
    directoryId,
    ...Object.values(settings),
  ]);
}

/** There are as many of them as kinds of transactions. */
function enterStatement(settings: readonly string[]): string {
  const others = settings.map((name, index) => `, set_config('${name}', $${index + 3}, true)`);
  return prepared(`SELECT enter_tenant($1, $2)${others.join('')}`);
}

const ATTEMPTS = 5;

/** Calls `run` again while PostgreSQL asks for it (SQLSTATE 40001, 40P01); other errors and the last attempt's pass through. */
export async function retrySerialization<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const state = sqlState(error);
      if (attempt >= ATTEMPTS || (state !== '40001' && state !== '40P01')) throw error;
    }
  }
}

/** Whether a statement has failed because it would have waited for a lock longer than it may. */
export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === '55P03';
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
