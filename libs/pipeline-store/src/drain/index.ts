export type { StoredDecision } from './claim-changes';
export * from './drain-batch';
export * from './find-pending';
export { loadRules } from './load-rules';
export { lockCounter } from './lock-counter';
export * from './purge-directory';
export type { BatchTenant, NewDelivery } from './write-batch';
export type { LeasedDeliveries } from './write-deliveries';
export * from './watch-drain-lag';
