import 'reflect-metadata';
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
import { startWorker } from './start-worker';

/** Exit code of a start that another try cannot repair (sysexits EX_CONFIG): the supervisor does not restart it. */
const EX_CONFIG = 78;

limitHeapGrowth();
try {
  const config = readConfig(await receiveEnvironment());
  const logger = createLogger('worker', { level: config.logLevel });
  logger.info(describeConfig(config), 'starting');
  const worker = await startWorker(config, logger);
  onShutdown({ stop: () => worker.stop(), deadlineMs: 8_000, logger });
  logger.info('working');
  process.send?.({ ready: true });
} catch (error) {
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${sentence}\n`);
  const isConfiguration =
    error instanceof ConfigError || (error instanceof AppError && error.code === 'secret_key_mismatch');
  process.exit(isConfiguration ? EX_CONFIG : 1);
}
