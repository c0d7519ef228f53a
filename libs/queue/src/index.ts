export { createHintQueue } from './create-hint-queue';
export type { HintQueue } from './create-hint-queue';
export { inspectRedis } from './inspect-redis';
export type { RedisFacts } from './inspect-redis';
export { migrateQueueSchema } from './migrate-queue-schema';
export { watchQueue } from './watch-queue';
export type { WakeUpHandlers, WakeUps } from './wake-ups';
