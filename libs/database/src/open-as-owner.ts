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
  try {
    return await createDataSource({ url, applicationName, poolSize, everyTenant: true }).initialize();
  } catch (cause) {
    const message = cause instanceof Error && describeRefusedConnection(cause, 'DATABASE_OWNER_URL');
    if (!message) throw cause;
    throw new AppError({ kind: 'unavailable', code: 'owner_refused', message, cause });
  }
}
