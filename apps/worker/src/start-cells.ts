import { setTimeout as sleep } from 'node:timers/promises';
import {
  APP_ROLE,
  checkDatabase,
  checkRuntimeLogin,
  createDataSource,
  describeStartFailure,
  WORK_STATEMENT_MS,
} from '@rollcall/database';
import { ConfigError, configOfCell, operationsOfCells } from '@rollcall/platform';
import type { Config, Logger } from '@rollcall/platform';
import { startWorker } from './start-worker';
import type { RunningWorker } from './start-worker';

/** A cell in which the worker could not start is tried again after this time. */
const TRY_AGAIN_MS = 5_000;

/**
 * Starts a worker in each cell of the configuration, or in the one that CELL names. Resolves when one of them works; the others are tried
 * until they do, so that a cell that is down keeps nobody else's work waiting. Throws ConfigError without SECRET_KEY, and when no cell
 * lets a worker start what the first one says.
 */
export async function startCells(config: Config, logger: Logger): Promise<RunningWorker> {
  const chosen = config.cells.filter(({ name }) => config.cell === undefined || name === config.cell);
  const kept = chosen.map((cell) => ({
    cell: cell.name,
    worker: keepWorker(configOfCell(config, cell), logger.child({ cell: cell.name })),
  }));
  const stop = async () => void (await Promise.all(kept.map(({ worker }) => worker.stop())));
  try {
    await Promise.any(kept.map(({ worker }) => worker.firstTry));
  } catch (error) {
    await stop();
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
  return {
    operations: operationsOfCells(() =>
      kept.map(({ cell, worker }) => ({ cell, operations: worker.running()?.operations ?? null })),
    ),
    stop,
  };
}

interface KeptWorker {
  /** Settles when the first try has: rejects with why it failed. */
  firstTry: Promise<void>;
  running: () => RunningWorker | undefined;
  stop(): Promise<void>;
}

/** Tries to start a worker until it works. One that works sees to itself, also while its database is away. */
function keepWorker(config: Config, logger: Logger): KeptWorker {
  let running: RunningWorker | undefined;
  const ending = new AbortController();

  async function start(): Promise<void> {
    await checkCell(config);
    running = await startWorker(config, logger);
    logger.info('works for the cell');
  }

  async function startAgain(): Promise<void> {
    let told: string | undefined;
    while (!running && !ending.signal.aborted) {
      await sleep(TRY_AGAIN_MS, undefined, { signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted) return;
      await start().catch((error: unknown) => {
        const reason = describeStartFailure(error);
        if (reason !== told) logger.error({ reason }, 'the cell cannot be worked for');
        told = reason;
      });
    }
  }

  const firstTry = start();
  const settled = firstTry.catch((error: unknown) => {
    logger.error({ reason: describeStartFailure(error) }, 'the cell cannot be worked for');
    return startAgain();
  });
  return {
    firstTry,
    running: () => running,
    stop: async () => {
      ending.abort();
      await settled;
      await running?.stop();
    },
  };
}

/** What the worker itself would find out only after it has opened everything. */
async function checkCell({ databaseUrl, secretKey, previousSecretKeys }: Config): Promise<void> {
  if (!databaseUrl || !secretKey) throw new ConfigError('SECRET_KEY', 'is required to run the worker by itself.');
  await checkRuntimeLogin(databaseUrl);
  const options = { url: databaseUrl, role: APP_ROLE, poolSize: 1, statementMs: WORK_STATEMENT_MS };
  const dataSource = await createDataSource({ ...options, applicationName: 'rollcall-worker-check' }).initialize();
  try {
    await checkDatabase(dataSource, { secretKey, previousSecretKeys });
  } finally {
    await dataSource.destroy();
  }
}
