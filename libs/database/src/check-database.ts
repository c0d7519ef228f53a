import type { DataSource } from 'typeorm';
import type { SecretKeys } from '@rollcall/platform';
import { checkSecretKey } from './bootstrap-database';
import { checkRestored } from './check-restored';
import { checkDatabaseVersion } from './database-version';

/**
 * What every process asks of its database before it serves, after checkRuntimeLogin: that the tables and functions are those it
 * knows, that the database is bound to one of its secret keys, and that it is not left as a restore brought it. Throws AppError
 * `schema_too_old`, `schema_too_new`, `not_bootstrapped`, `secret_key_mismatch`, `database_restored`, each with a sentence that says
 * what to do.
 */
export async function checkDatabase(dataSource: DataSource, keys: SecretKeys): Promise<void> {
  await checkDatabaseVersion(dataSource);
  await checkSecretKey(dataSource, keys);
  await checkRestored(dataSource);
}
