/** Why the guard refuses a target: no attempt can succeed until the URL or the policy changes. */
export type BlockedReason =
  | 'invalid_url'
  | 'blanks_in_url'
  | 'host_missing'
  | 'invalid_host'
  | 'fragment_in_url'
  | 'scheme_not_allowed'
  | 'port_not_allowed'
  | 'credentials_in_url'
  | 'address_not_public'
  | 'own_address'
  | 'own_hostname';

/** Why a request that was allowed got no complete answer. */
export type NetworkReason =
  | 'dns'
  | 'connect_timeout'
  | 'refused'
  | 'unreachable'
  | 'tls'
  | 'reset'
  | 'invalid_response'
  | 'timeout'
  | 'aborted';

export type EgressReason = BlockedReason | NetworkReason;

/** Milliseconds each part of a request took; null for a part that did not happen (a reused connection has no first three). */
export interface RequestPhases {
  dns: number | null;
  connect: number | null;
  tls: number | null;
  /** From the connection being ready to the head of the answer. */
  firstByte: number | null;
  total: number;
}

/** Sentences for people who own the URL. They name no resolved address: that would show our network to a stranger. */
const MESSAGES: Record<EgressReason, string> = {
  invalid_url: 'The URL is not an absolute https URL.',
  blanks_in_url: 'The URL must not contain blanks, line breaks, other control characters or backslashes.',
  host_missing: 'The URL names no host. Write it as https://host/path.',
  invalid_host: 'The host is not a name that can be resolved: each label has 1 to 63 letters, digits, - or _.',
  fragment_in_url: 'The URL must not contain a fragment (#…): it is never sent.',
  scheme_not_allowed: 'The URL must begin with https://.',
  port_not_allowed: 'The port must be 443, 80, 8443 or above 1023.',
  credentials_in_url: 'The URL must not contain a user name or password.',
  address_not_public: 'The host is not, or does not resolve to, a public internet address.',
  own_address: 'The host is, or resolves to, an address of this server.',
  own_hostname: 'The host is this server itself.',
  dns: 'The host name could not be resolved.',
  connect_timeout: 'The host did not accept a connection in time.',
  refused: 'The host refused the connection.',
  unreachable: 'The host could not be reached.',
  tls: 'A trusted TLS connection could not be made.',
  reset: 'The connection was closed before the answer was complete.',
  invalid_response: 'The answer is not valid HTTP.',
  timeout: 'No complete answer came in time.',
  aborted: 'The request was stopped by this server.',
};

const BLOCKED: ReadonlySet<EgressReason> = new Set<BlockedReason>([
  'invalid_url',
  'blanks_in_url',
  'host_missing',
  'invalid_host',
  'fragment_in_url',
  'scheme_not_allowed',
  'port_not_allowed',
  'credentials_in_url',
  'address_not_public',
  'own_address',
  'own_hostname',
]);

/** A request that was refused by the guard (`blocked`) or ended without a complete answer. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly reason: EgressReason;
  /** True when the guard refused: a terminal failure. */
  readonly blocked: boolean;
  /** How far the request came; absent when it never started. */
  phases?: RequestPhases;

  constructor(reason: EgressReason, options: { cause?: unknown } = {}) {
    super(MESSAGES[reason], options);
    this.reason = reason;
    this.blocked = BLOCKED.has(reason);
  }
}
