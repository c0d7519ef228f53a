export { createEgressClient } from './create-egress-client';
export type { EgressClient, EgressResponse } from './create-egress-client';
export type { FetchedBytes } from './get-bytes';
export { EgressError } from './egress-error';
export type { RequestPhases } from './egress-error';
export { reachTarget } from './reach-target';
export { listOwnAddresses } from './list-own-addresses';
