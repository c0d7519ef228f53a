import type { DataSource } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { createDataSource } from './connect-database';
import { describeRefusedConnection } from './describe-start-failure';

/**
 * A connected data source of the owner, which sees every tenant's rows; whoever gets it destroys it. Throws AppError
 * `owner_refused` when the server gives no connection.
 */
export async function openAsOwner(
  url: string,
  { applicationName, poolSize = 1 }: { applicationName: string; poolSize?: number },
): Promise<DataSource> {
  return connectAsOwner(createDataSource({ url, applicationName, poolSize, everyTenant: true }));
}

/** Connects a data source of the owner. Throws AppError `owner_refused` when the server gives no connection. */
export async function connectAsOwner(dataSource: DataSource): Promise<DataSource> {
  try {
    return await dataSource.initialize();
  } catch (cause) {
    const message = cause instanceof Error && describeRefusedConnection(cause, 'DATABASE_OWNER_URL');
    if (!message) throw cause;
    throw new AppError({ kind: 'unavailable', code: 'owner_refused', message, cause });
  }
}
