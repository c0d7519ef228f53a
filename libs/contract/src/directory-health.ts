/**
 * How a directory is doing: no request has come yet; they come and are answered; the last one's token was refused; none has come for
 * longer than the identity provider is silent; the token in use ends soon; no token is accepted; refused by the admin's or the
 * owner's switch.
 */
export const HEALTH_STATES = [
  'waiting',
  'connected',
  'refused',
  'stalled',
  'token_expiring',
  'no_active_token',
  'disabled',
  'feature_off',
] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** Refusals of a token that is not accepted, which the next accepted one makes good. */
export const TOKEN_REFUSALS = ['invalid_token', 'expired', 'revoked', 'too_many_attempts'] as const;

/** Why requests of an identity provider are refused, as they are counted for each directory. */
export const REFUSAL_REASONS = [
  ...TOKEN_REFUSALS,
  'disabled',
  'feature_off',
  'conflict',
  'invalid_request',
  'rate_limited',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];
