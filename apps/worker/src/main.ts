import { describeStartFailure } from '@rollcall/database';
import { runProcess } from '@rollcall/platform';
import { startWorker } from './start-worker';

await runProcess('worker', {
  start: startWorker,
  describeFailure: describeStartFailure,
  operationsPort: 9465,
  listens: false,
});
