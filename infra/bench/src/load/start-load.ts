import { startProgram } from '../systems/start-program';
import type { Loop, LoadReport } from './serve-load';

/** A load generator in a process of its own, so that what it does holds up neither the measuring nor who receives webhooks. */
export interface LoadProgram {
  start(loops: Loop[]): Promise<void>;
  /** Resolves when the last request is answered. */
  finish(): Promise<LoadReport>;
  stop(): Promise<void>;
}

/** Starts one, which does nothing yet. */
export async function startLoad(): Promise<LoadProgram> {
  const program = await startProgram('dist/infra/bench/load.js', { env: {} });
  return {
    start: (loops) => program.command('start', { loops }),
    finish: () => program.command<LoadReport>('stop'),
    stop: () => program.stop(),
  };
}

/** Such as `37 × 200, 4 × 429; the generator's own event loop was held for 12 ms at most`. */
export function describeLoad({ statuses, ownLagMs }: LoadReport): string {
  const answers = Object.entries(statuses).map(([status, count]) => `${count.toLocaleString('en-US')} × ${status}`);
  return `${answers.join(', ') || 'nothing'}; the generator's own event loop was held for ${Math.round(ownLagMs)} ms at most`;
}
