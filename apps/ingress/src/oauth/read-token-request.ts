import type { OAuthErrorCode } from '@rollcall/contract';
import { AppError } from '@rollcall/platform';
import type { ClientCredentials } from './authenticate-client';

/**
 * Reads a client credentials request (RFC 6749 §4.4.2, §2.3.1). Throws AppError with a code of §5.2: `invalid_request`,
 * `unsupported_grant_type`, `invalid_client`.
 * @param authorization the Authorization header, if any
 * @param body the parsed form
 */
export function readTokenRequest(authorization: string | undefined, body: unknown): ClientCredentials {
  if (!(body instanceof URLSearchParams)) {
    throw invalidRequest('Send the parameters as a form (application/x-www-form-urlencoded).');
  }
  for (const name of ['grant_type', 'client_id', 'client_secret']) {
    if (body.getAll(name).length > 1) throw invalidRequest(`The parameter "${name}" was sent more than once.`);
  }
  const grantType = body.get('grant_type') ?? '';
  if (grantType === '') throw invalidRequest('The parameter "grant_type" is missing; send client_credentials.');
  if (grantType !== 'client_credentials') {
    throw oauthError('unsupported_grant_type', 'The only grant type here is client_credentials.');
  }
  return readCredentials(authorization, body);
}

/** 401 for credentials that are missing or wrong; which of the two is wrong is not said. */
export function invalidClient(): AppError {
  return oauthError('invalid_client', 'The client is unknown or its secret is wrong.', 'unauthenticated');
}

function readCredentials(authorization: string | undefined, body: URLSearchParams): ClientCredentials {
  const clientId = body.get('client_id') ?? '';
  const clientSecret = body.get('client_secret') ?? '';
  if (authorization === undefined) {
    if (clientId === '' || clientSecret === '') throw invalidClient();
    return { clientId, secrets: [clientSecret] };
  }
  if (clientSecret !== '') {
    throw invalidRequest('The client authenticated twice: use either HTTP Basic or the form.');
  }
  const credentials = readBasic(authorization);
  if (clientId !== '' && clientId !== credentials.clientId) {
    throw invalidRequest('The "client_id" of the form is another than that of HTTP Basic.');
  }
  return credentials;
}

/** Letters that form-encoding leaves as they are, and its escapes. */
const FORM_ENCODED = /^(?:[\w.*~!'()-]|%[0-9a-f]{2}|\+)*$/i;

/**
 * Many clients put id and secret into Basic as they are, RFC 6749 §2.3.1 wants them form-encoded: of a secret both readings are
 * tried. An id is the same in both, for none has a letter that would be encoded.
 */
function readBasic(authorization: string): ClientCredentials {
  const encoded = /^basic +([A-Za-z0-9+/_=-]+) *$/i.exec(authorization)?.[1];
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) throw invalidClient();
  const clientId = formDecode(text.slice(0, colon));
  const plain = text.slice(colon + 1);
  const decoded = formDecode(plain);
  if (decoded === plain) return { clientId, secrets: [plain] };
  // With another letter it was not encoded, and there is but one reading.
  return { clientId, secrets: FORM_ENCODED.test(plain) ? [decoded, plain] : [plain] };
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function invalidRequest(message: string): AppError {
  return oauthError('invalid_request', message);
}

function oauthError(code: OAuthErrorCode, message: string, kind: 'invalid' | 'unauthenticated' = 'invalid'): AppError {
  return new AppError({ kind, code, message });
}
