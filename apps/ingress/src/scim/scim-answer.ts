import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** The answer of a SCIM operation. */
export interface ScimAnswer {
  status: number;
  /** JSON text. */
  body?: string;
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
  await reply.send(isLong(answer.body) ? streamText(reply, answer.body) : answer.body);
}

/** Characters of one piece of a long body. */
const PIECE = 64 * 1024;

function isLong(body: string | undefined): body is string {
  return body !== undefined && body.length > 16 * PIECE;
}

/** A long text as a stream: sent at once it would be in memory as text, as bytes and in the socket's buffer. */
function streamText(reply: FastifyReply, text: string): Readable {
  reply.header('content-length', Buffer.byteLength(text));
  return Readable.from(pieces(text), { objectMode: false });
}

function* pieces(text: string): Generator<string> {
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + PIECE;
    // A pair of surrogates is one character: apart, its halves have no bytes.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    yield text.slice(start, end);
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
