import type { FastifyReply, FastifyRequest } from 'fastify';
import { PORTAL_EMBEDDED_HEADER } from '@rollcall/contract';

/** 6 hours. */
export const SESSION_SECONDS = 6 * 3600;

type Cookies = Pick<FastifyRequest, 'headers'>;

/**
 * The session token of a request, or null. Takes PUBLIC_URL besides. Several cookies of the name are none: over plain http
 * another host of the site could have planted one, and which of them is ours cannot be told. A page in a frame has a session of its
 * own, which a request that cannot say so, such as one for a stream of events, is read from when there is no other.
 */
export function readSessionCookie(request: Cookies, publicUrl: string): string | null {
  const framed = readFramedCookie(request, publicUrl);
  return isEmbedded(request) ? framed : (readCookie(request, cookieName(publicUrl, false)) ?? framed);
}

/** The token of the session that a page in a frame has, also when the browser does not say whether it asks for a frame. */
export function readFramedCookie(request: Cookies, publicUrl: string): string | null {
  return readCookie(request, cookieName(publicUrl, true));
}

/** Sets the session cookie of the page that asked, or removes it when the token is null. */
export function writeSessionCookie(reply: FastifyReply, token: string | null, publicUrl: string): void {
  const framed = isEmbedded(reply.request);
  const attributes = [
    `${cookieName(publicUrl, framed)}=${token ?? ''}`,
    'Path=/',
    `Max-Age=${token === null ? 0 : SESSION_SECONDS}`,
    'HttpOnly',
    ...(isSecure(publicUrl) ? ['Secure'] : []),
    ...siteAttributes(framed && isSecure(publicUrl)),
  ];
  reply.header('set-cookie', attributes.join('; '));
}

/** Whether a request is for a page in a frame of another one: the page says so, and of the page itself the browser. */
export function isEmbedded({ headers }: Cookies): boolean {
  return headers[PORTAL_EMBEDDED_HEADER] !== undefined || headers['sec-fetch-dest'] === 'iframe';
}

/**
 * In a frame of another site only a cookie is sent that is for every site, which takes https; it is the frame's alone where the browser
 * keeps cookies by the site that is looked at (CHIPS). Over plain http a frame works on pages of the same site.
 */
function siteAttributes(isForOtherSites: boolean): string[] {
  return isForOtherSites ? ['SameSite=None', 'Partitioned'] : ['SameSite=Strict'];
}

function readCookie({ headers }: Cookies, name: string): string | null {
  const start = `${name}=`;
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const [value, ...others] = pairs.filter((pair) => pair.startsWith(start)).map((pair) => pair.slice(start.length));
  return value !== undefined && others.length === 0 && /^[A-Za-z0-9_-]{20,200}$/.test(value) ? value : null;
}

/** A browser takes a cookie of the prefix from this host alone, over https (RFC 6265bis, section 4.1.3.2). */
function cookieName(publicUrl: string, framed: boolean): string {
  const name = framed ? 'rollcall_portal_frame' : 'rollcall_portal';
  return isSecure(publicUrl) ? `__Host-${name}` : name;
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
