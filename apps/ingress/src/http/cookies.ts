import type { FastifyRequest } from 'fastify';

/**
 * The value of the one cookie of that name; null when there is none, or more than one, or it is no text of ours. Takes PUBLIC_URL
 * besides. Over plain http another host of the site could have planted one of several, and which of them is ours cannot be told.
 */
export function readCookie(
  { headers }: Pick<FastifyRequest, 'headers'>,
  publicUrl: string,
  name: string,
): string | null {
  const start = `${cookieName(publicUrl, name)}=`;
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const [value, ...others] = pairs.filter((pair) => pair.startsWith(start)).map((pair) => pair.slice(start.length));
  return value !== undefined && others.length === 0 && /^[A-Za-z0-9_.-]{20,2000}$/.test(value) ? value : null;
}

export interface CookieToWrite {
  name: string;
  /** Null removes it. */
  value: string | null;
  seconds: number;
  /** To which sites' requests a browser adds it. */
  site: 'SameSite=Strict' | 'SameSite=Lax' | 'SameSite=None; Partitioned';
}

/** Sets a cookie that no script can read, or removes it. */
export function writeCookie(
  reply: { header: (name: string, value: string) => unknown },
  publicUrl: string,
  { name, value, seconds, site }: CookieToWrite,
): void {
  const attributes = [
    `${cookieName(publicUrl, name)}=${value ?? ''}`,
    'Path=/',
    `Max-Age=${value === null ? 0 : seconds}`,
    'HttpOnly',
    site,
    ...(isSecure(publicUrl) ? ['Secure'] : []),
  ];
  reply.header('set-cookie', attributes.join('; '));
}

/** Whether browsers reach this server over https, as PUBLIC_URL says. */
export function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}

/** A browser takes a cookie of the prefix from this host alone, over https (RFC 6265bis, section 4.1.3.2). */
function cookieName(publicUrl: string, name: string): string {
  return isSecure(publicUrl) ? `__Host-${name}` : name;
}
