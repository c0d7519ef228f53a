export { announceExpiringSecrets } from './announce-expiring-secrets';
export { checkSearchTerms } from './check-search-terms';
