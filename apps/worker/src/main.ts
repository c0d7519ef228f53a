import { describeStartFailure } from '@rollcall/database';
import { runProcess } from '@rollcall/platform';
import { startCells } from './start-cells';
import { startWorker } from './start-worker';

/** The worker as a process. */
export const run = (): Promise<void> =>
  runProcess('worker', {
    start: (config, logger) => (config.cells.length > 0 ? startCells(config, logger) : startWorker(config, logger)),
    describeFailure: describeStartFailure,
    operationsPort: 9465,
    listens: false,
  });
