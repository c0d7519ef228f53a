import { APP_ROLE, checkDatabase, checkRuntimeLogin, createDataSource, migrateDatabase } from '@rollcall/database';
import type { DatabaseLogins } from '@rollcall/database';
import type { Config, SecretKeys } from '@rollcall/platform';
import { bootstrapOnce } from './bootstrap-once';
import { migrateQueue } from './migrate-queue';
import type { OpenDatabase } from './keep-embedded-postgres';

/**
 * Brings the database to the newest schema and makes the first environment of an empty one, when it has the owner's login; then
 * checks, as the application, that it can be served from. Throws what these throw, each with a sentence.
 */
export async function prepareDatabase(
  { ownerUrl, appUrl }: OpenDatabase,
  { config, keys, say }: { config: Config; keys: SecretKeys; say: (text: string) => void },
): Promise<void> {
  if (ownerUrl) {
    await migrate(loginsOf(ownerUrl, config));
    await bootstrapOnce({ config, keys, ownerUrl, say });
  }
  // The applications do so too; they would say it each, and after all had been loaded.
  if (config.databaseUrl)
    await checkAsApplication({ url: appUrl, isPooled: config.databaseDirectUrl !== undefined }, keys);
}

/** Where the owner and the application log in, and what lies between the application and its database. */
export function loginsOf(ownerUrl: string, config: Pick<Config, 'databaseUrl' | 'databaseDirectUrl'>): DatabaseLogins {
  return { ownerUrl, appUrl: config.databaseUrl, isPooled: config.databaseDirectUrl !== undefined };
}

/** Brings the database and the queue in it to the newest schema, and makes the application's login. Returns the migrations that ran. */
export async function migrate(logins: DatabaseLogins): Promise<string[]> {
  const applied = await migrateDatabase(logins);
  await migrateQueue(logins.ownerUrl);
  return applied;
}

async function checkAsApplication(
  { url, isPooled }: { url: string; isPooled: boolean },
  keys: SecretKeys,
): Promise<void> {
  await checkRuntimeLogin(url, isPooled);
  const options = { url, isPooled, role: APP_ROLE, poolSize: 1, applicationName: 'rollcall-start' };
  const dataSource = createDataSource(options);
  await dataSource.initialize();
  try {
    await checkDatabase(dataSource, keys);
  } finally {
    await dataSource.destroy();
  }
}
