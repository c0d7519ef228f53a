export { buildDirectory } from './build-directory';
export type { BuiltDirectory, DirectoryOptions } from './build-directory';
export { buildEndpoint, buildSignedEndpoint } from './build-endpoint';
export type { EndpointOptions } from './build-endpoint';
export { changeMembers, createGroup, createUser } from './create-user';
export { drainForNobody, normalizeForNobody } from './drain-for-nobody';
export { buildRequest, packRequests } from './pack-requests';
export { seedDeliveries, seedEvents } from './seed-events';
export type { SeededEvent } from './seed-events';
