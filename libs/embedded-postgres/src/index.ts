export { claimOwnership } from './claim-ownership';
export { findEmbeddedPostgres } from './find-embedded-postgres';
export { findFreePort, isPortFree } from './find-free-port';
export { findPostmaster } from './find-postmaster';
export { isProcessAlive } from './is-process-alive';
export { APP_ROLE, grantDatabase, OWNER_ROLE } from './prepare-database';
export { DataDirInUseError, startEmbeddedPostgres } from './start-embedded-postgres';
export type { EmbeddedPostgres } from './start-embedded-postgres';
export { StartError } from './start-error';
