import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'rollcall_portal';
/** 6 hours. */
export const SESSION_SECONDS = 6 * 3600;

/** The session token of a request, or null. Of several cookies of the name the first counts, as the most specific path comes first. */
export function readSessionCookie(request: FastifyRequest): string | null {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
  return value !== undefined && /^[A-Za-z0-9_-]{20,200}$/.test(value) ? value : null;
}

/** Sets the session cookie, or removes it when the token is null. */
export function writeSessionCookie(reply: FastifyReply, token: string | null, publicUrl: string): void {
  const { protocol, pathname } = new URL(publicUrl);
  const attributes = [
    `${NAME}=${token ?? ''}`,
    // PUBLIC_URL may have a path of its own.
    `Path=${pathname.replace(/\/$/, '')}/portal`,
    `Max-Age=${token === null ? 0 : SESSION_SECONDS}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(protocol === 'https:' ? ['Secure'] : []),
  ];
  reply.header('set-cookie', attributes.join('; '));
}
