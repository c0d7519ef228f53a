import { fileURLToPath } from 'node:url';
import { AppError, ConfigError, createLogger, describeConfig, onShutdown, readConfig } from '@rollcall/platform';
import { startIngress } from './start-ingress';

/** Exit code of a start that another try cannot mend (sysexits EX_CONFIG): the supervisor does not restart it. */
const EX_CONFIG = 78;

try {
  const config = readConfig(process.env);
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
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${sentence}\n`);
  const isConfiguration =
    error instanceof ConfigError || (error instanceof AppError && error.code === 'secret_key_mismatch');
  process.exit(isConfiguration ? EX_CONFIG : 1);
}
