import { fileURLToPath } from 'node:url';
import { describeStartFailure } from '@rollcall/database';
import { runProcess } from '@rollcall/platform';
import { startIngress } from './start-ingress';

const portalFolder = fileURLToPath(new URL('../portal', import.meta.url));

await runProcess('ingress', {
  start: (config, logger) => startIngress(config, { logger, portalFolder }),
  describeFailure: describeStartFailure,
  operationsPort: 9464,
});
