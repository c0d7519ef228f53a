export type { AttemptOutcome } from './classify-outcome';
export { decideNext } from './decide-next';
export type { NextStep } from './decide-next';
export { generateWebhookSecret } from './generate-webhook-secret';
export { matchesEndpoint } from './matches-endpoint';
export { CLAIM_RULES } from './claim-rules';
export type { ClaimRules } from './claim-rules';
export { mustWait } from './must-wait';
export type { OrderedDelivery } from './must-wait';
export { permitRate } from './permit-rate';
export { DISABLE_AFTER_MS, HEALTHY, permitSend, readHealth } from './record-attempt';
export type { EndpointHealth, HealthSignal, SendPermission } from './record-attempt';
export { reduceHealth } from './reduce-health';
export type { CountedAttempt } from './reduce-health';
export {
  DEFAULT_OVERLAP_SECONDS,
  liveSecrets,
  MAX_OVERLAP_SECONDS,
  rotateWebhookSecret,
} from './rotate-webhook-secret';
export { signWebhook } from './sign-webhook';
export { IN_FLIGHT_LIMITS, shareInFlight } from './share-in-flight';
export type { InFlightLimits, InFlightShares } from './share-in-flight';
