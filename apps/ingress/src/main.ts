import { fileURLToPath } from 'node:url';
import {
  AppError,
  ConfigError,
  createLogger,
  describeConfig,
  limitHeapGrowth,
  onShutdown,
  readConfig,
  receiveEnvironment,
} from '@rollcall/platform';
import { isDatabaseUnavailable, sqlState } from '@rollcall/database';
import { startIngress } from './start-ingress';

/** Exit code of a start that another try cannot repair (sysexits EX_CONFIG): the supervisor does not restart it. */
const EX_CONFIG = 78;
const UNDEFINED_TABLE = '42P01';

limitHeapGrowth();
try {
  const config = readConfig(await receiveEnvironment());
  const logger = createLogger('ingress', { level: config.logLevel });
  logger.info(describeConfig(config), 'starting');
  const ingress = await startIngress(config, {
    logger,
    portalFolder: fileURLToPath(new URL('../portal', import.meta.url)),
  });
  onShutdown({ stop: () => ingress.stop(), deadlineMs: 8_000, logger });
  logger.info({ port: ingress.port, host: config.host }, 'listening');
  process.send?.({ type: 'ready', ready: true, port: ingress.port });
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  const isConfiguration =
    error instanceof ConfigError || (error instanceof AppError && error.code === 'secret_key_mismatch');
  process.exit(isConfiguration ? EX_CONFIG : 1);
}

/** One sentence about why the start failed and what to do. */
function describeFailure(error: unknown): string {
  const { code } = error as { code?: string };
  if (isDatabaseUnavailable(error)) {
    return `PostgreSQL cannot be reached (${code ?? 'no answer'}). Check DATABASE_URL and that the server runs.`;
  }
  if (sqlState(error) === UNDEFINED_TABLE) {
    return 'The database has no Rollcall schema yet. Run `npm run rollcall -- migrate` with its owner first.';
  }
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
