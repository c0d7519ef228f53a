export type { ClaimedDelivery } from './claim-deliveries';
export { countPendingDeliveries, PENDING_COUNT_MAX } from './count-pending-deliveries';
export { describeDelivery, describeEndpoint } from './describe-endpoint';
export type { DescribedDeliveryRow } from './describe-endpoint';
export type { EndpointKey } from './endpoint-key';
export * from './exchange-deliveries';
export * from './find-due-endpoints';
export type { DeliveryFate, FinishedDelivery } from './record-attempts';
export * from './write-operational-event';
