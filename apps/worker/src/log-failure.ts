import type { Logger } from '@rollcall/platform';

/** Waits for work and logs that it failed: one directory, endpoint or chore must not keep the others from their turn. It is tried again later. */
export async function logFailure(
  logger: Logger,
  work: string,
  subject: object,
  running: Promise<unknown>,
): Promise<void> {
  try {
    await running;
  } catch (error) {
    logger.error({ ...subject, err: error }, `${work}.failed`);
  }
}
