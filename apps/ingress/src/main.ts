import { fileURLToPath } from 'node:url';
import { describeStartFailure } from '@rollcall/database';
import { runProcess } from '@rollcall/platform';
import { startCells } from './cells/start-cells';
import { startIngress } from './start-ingress';

const folderOf = (application: string): string => fileURLToPath(new URL(`../${application}`, import.meta.url));
const [portalFolder, docsFolder] = [folderOf('portal'), folderOf('docs')];

/** The ingress as a process. */
export const run = (): Promise<void> =>
  runProcess('ingress', {
    start: (config, logger) => {
      const start = config.cells.length === 0 ? startIngress : startCells;
      return start(config, { logger, portalFolder, docsFolder });
    },
    describeFailure: describeStartFailure,
    operationsPort: 9464,
  });
