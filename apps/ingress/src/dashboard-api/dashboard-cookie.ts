import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_SECONDS } from '@rollcall/management';
import { readCookie, writeCookie } from '../http/cookies';

const NAME = 'rollcall_dashboard';

/** The session token of a request, or null. */
export function readDashboardCookie(request: Pick<FastifyRequest, 'headers'>, publicUrl: string): string | null {
  return readCookie(request, publicUrl, NAME);
}

/**
 * Sets the session cookie, or removes it when the token is null. SameSite=Lax: a link in a mail, and the way back from an identity
 * provider, arrive signed in.
 */
export function writeDashboardCookie(reply: FastifyReply, token: string | null, publicUrl: string): void {
  writeCookie(reply, publicUrl, { name: NAME, value: token, seconds: SESSION_SECONDS, site: 'SameSite=Lax' });
}
