export { createHintQueue } from './create-hint-queue';
export type { HintCounters, HintQueue, HintQueueOptions } from './create-hint-queue';
export { migrateQueueSchema } from './migrate-queue-schema';
export type { EndpointToWake, QueueLogger, WakeUpHandlers, WakeUps } from './wake-ups';
