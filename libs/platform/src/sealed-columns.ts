/** Where a sealed value stands, and what its row is bound to. */
interface SealedPlace {
  table: string;
  column: string;
  /** The columns of the primary key. */
  key: readonly string[];
  /** The column whose value is bound to the sealed text, with the word before it: a value copied to another row does not open. */
  owner: { word: string; column: string };
}

/**
 * Every column that holds sealed values. Sealing and opening name one of these, and changing the secret key seals all of them
 * anew, so that none can be forgotten.
 */
export const SEALED_COLUMNS = {
  webhookSecret: {
    table: 'webhook_secrets',
    column: 'sealed_secret',
    key: ['environment_id', 'endpoint_id', 'id'],
    owner: { word: 'whe', column: 'endpoint_id' },
  },
  /** The secret that a member's authenticator app shares with us. */
  totpSecret: {
    table: 'member_credentials',
    column: 'sealed_totp_secret',
    key: ['member_id'],
    owner: { word: 'mem', column: 'member_id' },
  },
  /** What Rollcall proves itself with to the identity provider of an environment's members. */
  singleSignOnSecret: {
    table: 'single_sign_on',
    column: 'sealed_client_secret',
    key: ['environment_id'],
    owner: { word: 'sso', column: 'environment_id' },
  },
  /** A mail that waits to be sent. */
  mail: {
    table: 'mails',
    column: 'sealed_message',
    key: ['environment_id', 'id'],
    owner: { word: 'mail', column: 'id' },
  },
  /** What a request with an idempotency key was answered. */
  idempotentAnswer: {
    table: 'idempotency_keys',
    column: 'sealed_answer',
    key: ['environment_id', 'key_hash'],
    owner: { word: 'idempotency', column: 'key_hash' },
  },
  /** The key of generated secrets' hashes. */
  secretPepper: {
    table: 'installation',
    column: 'sealed_pepper',
    key: ['singleton'],
    owner: { word: 'installation', column: 'singleton' },
  },
} as const satisfies Record<string, SealedPlace>;

export type SealedColumn = keyof typeof SEALED_COLUMNS;
