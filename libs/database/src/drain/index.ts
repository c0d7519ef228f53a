export * from './drain-batch';
export * from './find-pending';
export * from './purge-directory';
export type { BatchTenant, NewDelivery } from './write-batch';
