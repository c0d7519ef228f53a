export { tellExpiringSecrets } from './tell-expiring-secrets';
