export { announceExpiringSecrets } from './announce-expiring-secrets';
