import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formatETag, matchesIfNoneMatch } from '@rollcall/scim';
import { prependOnSend } from './prepend-on-send';
import { varyOn } from './vary-on';

/** What the portal's pages ask for again and again. */
const POLLED = /^\/portal\/api\//;

/**
 * Gives the answers that are polled an entity tag of their bytes, and who has those already gets 304 and no body (RFC 9110 §13.1.2).
 * The tag is weak: the same answer may be sent compressed or not. Holds for routes registered from here on; to be called after
 * `compressAnswers`, whose work it saves.
 */
export function answerUnchanged(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    if (POLLED.test(route.url) && (methods.includes('GET') || methods.includes('HEAD'))) {
      prependOnSend(route, tagAnswer);
    }
  });
}

function tagAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return done(null, payload);
  const tag = formatETag(createHash('sha256').update(payload).digest('base64url'));
  reply.header('etag', tag);
  const known = request.headers['if-none-match'];
  if (known === undefined || !matchesIfNoneMatch(known, tag)) return done(null, payload);
  // A 304 names what the whole answer would have depended on (RFC 9110 §15.4.5).
  varyOn(reply, 'accept-encoding');
  reply.code(304).removeHeader('content-type');
  // Fastify would give the answer to HEAD the length of a text.
  done(null, request.method === 'HEAD' ? Readable.from([]) : null);
}
