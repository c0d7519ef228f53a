export { createHintQueue } from './create-hint-queue';
export type { HintQueue } from './create-hint-queue';
export { migrateQueueSchema } from './migrate-queue-schema';
export { watchQueue } from './watch-queue';
export type { WakeUpHandlers, WakeUps } from './wake-ups';
