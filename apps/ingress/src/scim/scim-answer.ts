import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { streamText } from './stream-text';

/** The answer of a SCIM operation. */
export interface ScimAnswer {
  status: number;
  /** JSON text, whole or in pieces. */
  body?: string | Iterable<string>;
  /** The URL of the resource: the Location header, and the `location` in a bulk response. */
  location?: string;
  /** The resource's entity tag. */
  etag?: string;
}

/** RFC 7644 §3.8. */
export const SCIM_CONTENT_TYPE = 'application/scim+json; charset=utf-8';

/** Sends the answer of an operation. */
export async function sendAnswer(reply: FastifyReply, answer: ScimAnswer): Promise<void> {
  reply.code(answer.status);
  if (answer.location !== undefined) reply.header('location', answer.location);
  if (answer.etag !== undefined) reply.header('etag', answer.etag);
  if (answer.body !== undefined) reply.header('content-type', SCIM_CONTENT_TYPE);
  await sendBody(reply, answer.body);
}

/** Characters from which on a body is sent piece by piece. */
const LONG_BODY = 1024 * 1024;

function sendBody(reply: FastifyReply, body: ScimAnswer['body']): FastifyReply {
  if (body !== undefined && typeof body !== 'string') return reply.send(Readable.from(body, { objectMode: false }));
  if (body === undefined || body.length < LONG_BODY) return reply.send(body);
  return reply.header('content-length', Buffer.byteLength(body)).send(streamText(body));
}
