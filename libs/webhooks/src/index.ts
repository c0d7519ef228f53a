export { DEFAULT_RETRY_SCHEDULE } from '@rollcall/platform';
export { classifyOutcome } from './classify-outcome';
export type { AttemptOutcome, OutcomeClass } from './classify-outcome';
export { decideNext } from './decide-next';
export type { FinishedAttempt, NextStep } from './decide-next';
export { generateWebhookSecret, readWebhookSecret } from './generate-webhook-secret';
export { isOperationalType, matchesEndpoint } from './matches-endpoint';
export type { EndpointFilters, FilteredEvent } from './matches-endpoint';
export { CLAIM_RULES, mustWait } from './must-wait';
export type { ClaimRules, OrderedDelivery, OrderingMoment } from './must-wait';
export { MAX_RETRY_AFTER_MS, parseRetryAfter } from './parse-retry-after';
export { permitRate } from './permit-rate';
export type { RatePermission } from './permit-rate';
export { DISABLE_AFTER_MS, HEALTHY, permitSend, PROBE_INTERVAL_MS, readHealth, recordAttempt } from './record-attempt';
export type { EndpointHealth, HealthSignal, SendPermission } from './record-attempt';
export { reduceHealth } from './reduce-health';
export type { CountedAttempt } from './reduce-health';
export {
  DEFAULT_OVERLAP_SECONDS,
  liveSecrets,
  MAX_LIVE_SECRETS,
  MAX_OVERLAP_SECONDS,
  rotateWebhookSecret,
} from './rotate-webhook-secret';
export type { SecretRotation, StoredWebhookSecret } from './rotate-webhook-secret';
export { signWebhook } from './sign-webhook';
export type { WebhookHeaders, WebhookToSign } from './sign-webhook';
