import type { HintHandler, HintJob } from '@rollcall/queue';
import { AppError } from '@rollcall/platform';

/** Every job name there is; the compiler keeps the list complete. */
const JOB_NAMES: Record<HintJob, true> = { 'drain-directory': true, 'deliver-endpoint': true };

/** Checks at boot that every job has exactly one handler; throws AppError `job_without_handler` otherwise. */
export function checkJobs(handlers: Partial<Record<HintJob, HintHandler>>): Record<HintJob, HintHandler> {
  const missing = Object.keys(JOB_NAMES).filter((name) => !(name in handlers));
  if (missing.length === 0) return handlers as Record<HintJob, HintHandler>;
  throw new AppError({
    kind: 'internal',
    code: 'job_without_handler',
    message: 'The worker is incomplete and does not start.',
    internal: missing.join(', '),
  });
}
