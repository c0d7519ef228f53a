import { fileURLToPath } from 'node:url';
import { describeFailure } from './describe-failure';
import { startServer } from './supervise/start-server';

const apps = fileURLToPath(new URL('../../apps', import.meta.url));

/** `npm start`: ingress, worker and, unless DATABASE_URL is set, the database, as one process tree. */
export async function run(): Promise<void> {
  // Whoever reads our output may go away first; that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    await startServer(process.env, { apps, say: (text) => void process.stdout.write(`${text}\n`) });
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exit(1);
  }
}
