import type { FastifyReply, FastifyRequest } from 'fastify';
import { PORTAL_EMBEDDED_HEADER } from '@rollcall/contract';
import { isSecure, readCookie, writeCookie } from '../http/cookies';

/** 6 hours. */
export const SESSION_SECONDS = 6 * 3600;

const NAME = 'rollcall_portal';
const FRAMED_NAME = 'rollcall_portal_frame';

type Cookies = Pick<FastifyRequest, 'headers'>;

/**
 * The session token of a request, or null. A page in a frame has a session of its own, which a request that cannot say so, such as one
 * for a stream of events, is read from when there is no other.
 */
export function readSessionCookie(request: Cookies, publicUrl: string): string | null {
  const framed = readFramedCookie(request, publicUrl);
  return isEmbedded(request) ? framed : (readCookie(request, publicUrl, NAME) ?? framed);
}

/** The token of the session that a page in a frame has, also when the browser does not say whether it asks for a frame. */
export function readFramedCookie(request: Cookies, publicUrl: string): string | null {
  return readCookie(request, publicUrl, FRAMED_NAME);
}

/**
 * Sets the session cookie of the page that asked, or removes it when the token is null. In a frame of another site only a cookie is sent
 * that is for every site, which takes https; it is the frame's alone where the browser keeps cookies by the site that is looked at
 * (CHIPS). Over plain http a frame works on pages of the same site.
 */
export function writeSessionCookie(reply: FastifyReply, token: string | null, publicUrl: string): void {
  const framed = isEmbedded(reply.request);
  writeCookie(reply, publicUrl, {
    name: framed ? FRAMED_NAME : NAME,
    value: token,
    seconds: SESSION_SECONDS,
    site: framed && isSecure(publicUrl) ? 'SameSite=None; Partitioned' : 'SameSite=Strict',
  });
}

/** Whether a request is for a page in a frame of another one: the page says so, and of the page itself the browser. */
export function isEmbedded({ headers }: Cookies): boolean {
  return headers[PORTAL_EMBEDDED_HEADER] !== undefined || headers['sec-fetch-dest'] === 'iframe';
}
