/** Why an attempt to deliver failed, as the `error` of an attempt says it. An attempt whose answer alone says why has none. */
export const DELIVERY_ERRORS = [
  // Nothing was sent: the URL is not one that this server calls, and no attempt can succeed until either has changed.
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
  // No complete answer came.
  'dns',
  'connect_timeout',
  'refused',
  'unreachable',
  'tls',
  'reset',
  'invalid_response',
  'timeout',
  'aborted',
  // An answer came that says to go elsewhere, which is not followed.
  'redirect',
  // The server could not make the request.
  'internal',
] as const;
export type DeliveryError = (typeof DELIVERY_ERRORS)[number];
