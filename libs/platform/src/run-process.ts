import type { Logger } from 'pino';
import { AppError } from './app-error';
import { createLogger } from './create-logger';
import { describeConfig } from './config/describe-config';
import { letObjectsDieYoung } from './let-objects-die-young';
import { limitHeapGrowth } from './limit-heap-growth';
import { onShutdown } from './on-shutdown';
import { ConfigError } from './config/config-error';
import { readConfig } from './config/read-config';
import type { Config } from './config/read-config';
import { isSupervised, receiveEnvironment } from './receive-environment';
import { serveOperations } from './serve-operations';
import type { Operations } from './serve-operations';
import { tellOperations } from './tell-operations';

/** What a process is once it works. */
export interface StartedProcess {
  readonly operations: Operations;
  /** Where it listens, if it does. */
  readonly port?: number;
  /** Takes no new work, finishes what is in flight, closes what it opened. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  /** Where it is operated when OPERATIONS_PORT does not say: each kind of process has a port of its own. */
  operationsPort: number;
  /** Whether it serves at HOST and PORT; default true. */
  listens?: boolean;
  start: (config: Config, logger: Logger) => Promise<StartedProcess>;
  /** What a person reads when `start` or the configuration failed. */
  describeFailure: (error: unknown) => string;
}

/** Exit code of a start that another try cannot repair (sysexits EX_CONFIG): the supervisor does not restart it. */
const EX_CONFIG = 78;
/** Under the ten seconds after which a supervisor kills. */
const STOP_DEADLINE_MS = 8_000;

/**
 * The life of a process of Rollcall: takes the environment, starts, tells a parent that it is ready, and ends as `onShutdown`
 * says. A start that fails writes why to stderr and exits with EX_CONFIG, or with 1 when another try may succeed.
 * @param name names the process in its log
 */
export async function runProcess(
  name: string,
  { start, describeFailure, operationsPort, listens = true }: ProcessOptions,
): Promise<void> {
  limitHeapGrowth();
  letObjectsDieYoung();
  try {
    const config = readConfig(await receiveEnvironment());
    const logger = createLogger(name, { level: config.logLevel });
    const { listen, ...described } = describeConfig(config);
    logger.info({ ...(listens && { listen }), ...described }, 'starting');
    let current: Operations = STARTING;
    const operations: Operations = { readiness: () => current.readiness(), series: () => current.series() };
    if (isSupervised()) tellOperations(operations);
    else await listenForOperators(config, { operations, operationsPort, logger });
    const started = await start(config, logger);
    current = started.operations;
    onShutdown({ stop: () => started.stop(), deadlineMs: STOP_DEADLINE_MS, logger });
    logger.info({ port: started.port }, 'started');
    process.send?.({ type: 'ready', ready: true, port: started.port });
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exit(isHopeless(error) ? EX_CONFIG : 1);
  }
}

/** What a process tells before it has started. */
const STARTING: Operations = {
  readiness: async () => ({ status: 'unavailable', degraded: [], failing: 'start' }),
  series: async () => [],
};

async function listenForOperators(
  config: Config,
  { operations, operationsPort, logger }: { operations: Operations; operationsPort: number; logger: Logger },
): Promise<void> {
  const address = { host: config.operationsHost, port: config.operationsPort ?? operationsPort };
  const { port } = await serveOperations(address, operations);
  logger.info({ host: address.host, port }, 'operated at');
}

/**
 * A database that is too old for us may be migrated meanwhile; one that no longer serves us stays so, and so does a login. What was
 * restored is settled while nothing runs: another try could find that time alone has made it look right.
 */
const HOPELESS: ReadonlySet<string> = new Set([
  'database_restored',
  'secret_key_mismatch',
  'schema_too_new',
  'login_too_strong',
]);

function isHopeless(error: unknown): boolean {
  return error instanceof ConfigError || (error instanceof AppError && HOPELESS.has(error.code));
}
