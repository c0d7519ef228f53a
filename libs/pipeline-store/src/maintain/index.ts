export { announceExpiringSecrets } from './announce-expiring-secrets';
export { checkSearchTerms } from './check-search-terms';
export { deleteOldIdempotencyKeys } from './delete-old-idempotency-keys';
