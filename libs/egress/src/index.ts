export { createEgressClient } from './create-egress-client';
export type { EgressClient, EgressClientOptions, EgressRequest, EgressResponse } from './create-egress-client';
export { EgressError } from './egress-error';
export type { BlockedReason, EgressReason, NetworkReason, RequestPhases } from './egress-error';
export { listOwnAddresses } from './list-own-addresses';
export type { ResolveHost } from './resolve-allowed';
