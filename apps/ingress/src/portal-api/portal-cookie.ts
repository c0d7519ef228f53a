import type { FastifyReply, FastifyRequest } from 'fastify';

/** 6 hours. */
export const SESSION_SECONDS = 6 * 3600;

/**
 * The session token of a request, or null. Takes PUBLIC_URL besides. Several cookies of the name are none: over plain http
 * another host of the site could have planted one, and which of them is ours cannot be told.
 */
export function readSessionCookie(request: FastifyRequest, publicUrl: string): string | null {
  const start = `${cookieName(publicUrl)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const [value, ...others] = pairs.filter((pair) => pair.startsWith(start)).map((pair) => pair.slice(start.length));
  return value !== undefined && others.length === 0 && /^[A-Za-z0-9_-]{20,200}$/.test(value) ? value : null;
}

/** Sets the session cookie, or removes it when the token is null. */
export function writeSessionCookie(reply: FastifyReply, token: string | null, publicUrl: string): void {
  const attributes = [
    `${cookieName(publicUrl)}=${token ?? ''}`,
    'Path=/',
    `Max-Age=${token === null ? 0 : SESSION_SECONDS}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(isSecure(publicUrl) ? ['Secure'] : []),
  ];
  reply.header('set-cookie', attributes.join('; '));
}

/** A browser takes a cookie of the prefix from this host alone, over https (RFC 6265bis, section 4.1.3.2). */
function cookieName(publicUrl: string): string {
  return isSecure(publicUrl) ? '__Host-rollcall_portal' : 'rollcall_portal';
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
