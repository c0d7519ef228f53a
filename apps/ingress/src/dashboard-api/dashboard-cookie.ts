import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_SECONDS } from '@rollcall/management';

/**
 * The session token of a request, or null. Several cookies of the name are none: over plain http another host of the site could
 * have planted one, and which of them is ours cannot be told.
 */
export function readDashboardCookie(request: Pick<FastifyRequest, 'headers'>, publicUrl: string): string | null {
  return readCookie(request, cookieName('rollcall_dashboard', publicUrl));
}

/** Sets the session cookie, or removes it when the token is null. */
export function writeDashboardCookie(reply: FastifyReply, token: string | null, publicUrl: string): void {
  writeCookie(reply, publicUrl, { name: 'rollcall_dashboard', value: token, seconds: SESSION_SECONDS });
}

/** The value of the one cookie of that name; null when there is none, or more than one, or it is no text of ours. */
export function readCookie({ headers }: Pick<FastifyRequest, 'headers'>, name: string): string | null {
  const start = `${name}=`;
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const [value, ...others] = pairs.filter((pair) => pair.startsWith(start)).map((pair) => pair.slice(start.length));
  return value !== undefined && others.length === 0 && /^[A-Za-z0-9_.-]{20,2000}$/.test(value) ? value : null;
}

/** SameSite=Lax: a link in a mail, and the way back from an identity provider, arrive signed in. */
export function writeCookie(
  reply: FastifyReply,
  publicUrl: string,
  { name, value, seconds }: { name: string; value: string | null; seconds: number },
): void {
  const attributes = [
    `${cookieName(name, publicUrl)}=${value ?? ''}`,
    'Path=/',
    `Max-Age=${value === null ? 0 : seconds}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(isSecure(publicUrl) ? ['Secure'] : []),
  ];
  reply.header('set-cookie', attributes.join('; '));
}

/** A browser takes a cookie of the prefix from this host alone, over https (RFC 6265bis, section 4.1.3.2). */
export function cookieName(name: string, publicUrl: string): string {
  return isSecure(publicUrl) ? `__Host-${name}` : name;
}

/** Whether browsers reach this server over https, as PUBLIC_URL says. */
export function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
