/**
 * The token of an Authorization header, or undefined. Okta sends the pasted text as it is: with the scheme in any case
 * (RFC 9110 §11.1), twice, or without it.
 */
export function readBearerToken(authorization: string | undefined): string | undefined {
  const parts = authorization?.trim().split(/\s+/) ?? [];
  while (parts[0]?.toLowerCase() === 'bearer') parts.shift();
  return parts.length === 1 && parts[0] !== '' ? parts[0] : undefined;
}
