import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatETag, matchesIfNoneMatch } from '@rollcall/scim';

/** The entity tag of an answer's bytes. It is weak: the same answer may be sent compressed or not (RFC 9110 §8.8.1). */
export function tagOf(body: string | Buffer): string {
  return formatETag(createHash('sha256').update(body).digest('base64url'));
}

/** Gives an answer its tag. Whether the client has that one already: then it is 304, to be sent without a body (RFC 9110 §13.1.2). */
export function isKnown(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.header('etag', tag);
  const known = request.headers['if-none-match'];
  if (known === undefined || !matchesIfNoneMatch(known, tag)) return false;
  reply.code(304).removeHeader('content-type');
  return true;
}
