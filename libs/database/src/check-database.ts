import type { DataSource } from 'typeorm';
import type { SecretKeys } from '@rollcall/platform';
import { checkSecretKey } from './bootstrap-database';
import { checkDatabaseVersion } from './database-version';

/**
 * What every process asks of its database before it serves, after checkRuntimeLogin: that the tables and functions are those it
 * knows, and that the database is bound to one of its secret keys. Throws AppError `schema_too_old`, `schema_too_new`,
 * `not_bootstrapped`, `secret_key_mismatch`, each with a sentence that says what to do.
 */
export async function checkDatabase(dataSource: DataSource, keys: SecretKeys): Promise<void> {
  await checkDatabaseVersion(dataSource);
  await checkSecretKey(dataSource, keys);
}
