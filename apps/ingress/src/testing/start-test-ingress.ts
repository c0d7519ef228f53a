import { createLogger, readConfig } from '@rollcall/platform';
import type { Operations, SecretKeys } from '@rollcall/platform';
import { HANG_LIMIT_MS, newSecretKey } from '@rollcall/testing';
import { bootstrapDatabase } from '@rollcall/database';
import type { EnvironmentCredentials } from '@rollcall/database';
import { startIngress } from '../start-ingress';
import type { IngressOptions } from '../start-ingress';

/** A real ingress on a free port over a database of the suite, for suites named `*.int.test.ts`. */
export interface TestIngress {
  baseUrl: string;
  credentials: EnvironmentCredentials;
  /** Makes the first owner of the dashboard, once. */
  setupToken: string;
  keys: SecretKeys;
  operations: Operations;
  /** The log lines written so far. */
  logLines(): Record<string, unknown>[];
  stop(): Promise<void>;
}

/**
 * Bootstraps a migrated, empty database and starts the ingress on it; on a slow machine too, nothing in it waits too long for its
 * turn. `env` overrides the configuration. Use:
 * `database = await createTestDatabase({ migrate: migrateDatabase }); ingress = await startTestIngress(database);`
 */
export async function startTestIngress(
  database: { ownerUrl: string; appUrl: string },
  {
    env = {},
    portalFolder = '/nonexistent',
    docsFolder,
    largeBodyTimes = { waitMs: HANG_LIMIT_MS, paceMs: HANG_LIMIT_MS },
    streamPace,
  }: { env?: NodeJS.ProcessEnv } & Partial<Omit<IngressOptions, 'logger'>> = {},
): Promise<TestIngress> {
  const SECRET_KEY = env.SECRET_KEY ?? newSecretKey();
  const keys = { secretKey: Buffer.from(SECRET_KEY, 'base64') };
  const made = await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys });
  if (!made) throw new Error('The test database was not empty.');
  const lines: string[] = [];
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: database.appUrl,
    SECRET_KEY,
    ...env,
  });
  const logger = createLogger('test', { level: 'info', destination: { write: (line: string) => lines.push(line) } });
  const ingress = await startIngress(config, { logger, portalFolder, docsFolder, largeBodyTimes, streamPace });
  return {
    baseUrl: `http://127.0.0.1:${ingress.port}`,
    credentials: made.credentials,
    setupToken: made.setupToken,
    keys,
    operations: ingress.operations,
    logLines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    stop: () => ingress.stop(),
  };
}
