export type * from './api-types';
export type * from './rule-types';
export type * from './webhook-endpoint-types';

export type * from './events/event-data';
export * from './events/rollcall-event';

export { verifyWebhook } from './webhooks/verify-webhook';
export type { WebhookToVerify } from './webhooks/verify-webhook';
export type { WebhookRequestHeaders } from './webhooks/read-webhook-headers';
export { WebhookVerificationError } from './webhooks/webhook-verification-error';
export type { WebhookVerificationCode } from './webhooks/webhook-verification-error';

export { createRollcallClient } from './client/create-rollcall-client';
export type { RollcallClient, RollcallClientOptions } from './client/create-rollcall-client';
export {
  AuthenticationError,
  ConflictError,
  ConnectionError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  PositionGoneError,
  RateLimitError,
  RollcallError,
  ServerError,
} from './client/rollcall-error';
export type { CreateOptions } from './client/connection';
export type { RollcallErrorCode } from './client/rollcall-error';
export type { AuditLogPage } from './client/audit-log';
export type { EventPage, EventQuery, LatestEventPage, LatestEventQuery } from './client/event-feed';
export type { Page, PagedList, PageSize } from './client/paged-list';
export type { SnapshotEnd, SnapshotHeader, SnapshotRecord } from './client/read-snapshot';

export { applyEvent } from './sync/apply-event';
export type { AppliedEvent } from './sync/apply-event';
export { createMemoryStore } from './sync/create-memory-store';
export type { MemoryStore } from './sync/create-memory-store';
export type { DirectoryPosition } from './sync/directory-position';
export type * from './sync/directory-store';
export { syncDirectory } from './sync/sync-directory';
export type { DirectoryToSync, SyncResult } from './sync/sync-directory';
export { consume } from './sync/consume';
export type { Checkpoints, Consumer } from './sync/consume';
export { reconcile } from './sync/reconcile';
export type { ReconciledDirectory, ToReconcile } from './sync/reconcile';
