/** Why a webhook was refused. */
export type WebhookVerificationCode =
  /** The configured secret is no `whsec_…` secret: a mistake on this side. */
  | 'secret_invalid'
  /** The body was parsed before it got here: a mistake on this side. */
  | 'body_not_raw'
  | 'header_missing'
  | 'timestamp_invalid'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'signature_mismatch'
  /** The signature is right, but what was signed is no event. */
  | 'event_invalid';

/** A webhook that must not be acted on: answer 400. The message says what to do and repeats neither secret nor body. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';

  constructor(
    readonly code: WebhookVerificationCode,
    message: string,
  ) {
    super(message);
  }
}
