export type { EndpointKey } from './endpoint-key';
export * from './exchange-deliveries';
export * from './find-due-endpoints';
export type { DeliveryFate, FinishedDelivery } from './record-attempts';
export * from './write-operational-event';
