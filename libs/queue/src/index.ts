export { createHintQueue } from './create-hint-queue';
export type { HintCounters, HintQueue, HintQueueOptions } from './create-hint-queue';
export { HINT_JOBS } from './hint';
export type { Hint, HintHandler, HintJob, QueueLogger } from './hint';
export { migrateQueueSchema } from './migrate-queue-schema';
