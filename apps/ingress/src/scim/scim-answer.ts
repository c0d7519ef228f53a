import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Share } from '@rollcall/platform';
import { sendJsonText } from '../http/send-json-text';
import { noteAnswer } from './requests/request-draft';
import { streamText } from './stream-text';

/** The answer of a SCIM operation. */
export interface ScimAnswer {
  status: number;
  /** JSON text, whole or in pieces. */
  body?: string | Iterable<string>;
  /** The URL of the resource that was read or written; also the `location` in a bulk response. */
  location?: string;
  /** The resource's entity tag. */
  etag?: string;
  /** What the request log keeps of it, JSON text; without it the body, redacted. */
  logged?: string;
  /** Memory that the answer has until it is sent. */
  memory?: Share;
}

/** RFC 7644 §8.1, which gives it no parameter; strict clients take it for another type with one. */
export const SCIM_MEDIA_TYPE = 'application/scim+json';

/** Sends the answer of an operation. */
export async function sendAnswer(reply: FastifyReply, answer: ScimAnswer): Promise<void> {
  reply.code(answer.status);
  noteAnswer(reply, answer);
  if (answer.location !== undefined) locate(reply, answer.location, answer);
  if (answer.etag !== undefined) reply.header('etag', answer.etag);
  if (answer.body !== undefined) reply.header('content-type', SCIM_MEDIA_TYPE);
  if (isLong(answer.body) || answer.memory) cutOffWhenSlow(reply.raw, answer.memory);
  await sendBody(reply, answer.body);
}

/**
 * Names the resource (RFC 7644 §3.3), and as Content-Location, which is the same as `meta.location` (RFC 7643 §3.1), whose state
 * the answer shows. 304 stands for such an answer (RFC 9110 §15.4.5), and has no Location: some clients would follow it.
 */
function locate(reply: FastifyReply, location: string, { status, body }: ScimAnswer): void {
  if (status !== 304) reply.header('location', location);
  if (status === 304 || body !== undefined) reply.header('content-location', location);
}

/** A client that takes nothing of its answer for so long, or not all of it in the longer time, is cut off: others need the memory. */
const STALLED_MS = 30_000;
const DEADLINE_MS = 120_000;

function cutOffWhenSlow(response: ServerResponse, memory: Share | undefined): void {
  if (response.closed || response.req.socket.destroyed) return memory?.giveBack();
  const cutOff = () => void response.destroy();
  const deadline = setTimeout(cutOff, DEADLINE_MS).unref();
  response.setTimeout(STALLED_MS, cutOff).once('close', () => {
    clearTimeout(deadline);
    memory?.giveBack();
  });
}

/** Characters from which on a body is sent piece by piece. */
const LONG_BODY = 1024 * 1024;

function isLong(body: ScimAnswer['body']): boolean {
  return body !== undefined && (typeof body !== 'string' || body.length >= LONG_BODY);
}

function sendBody(reply: FastifyReply, body: ScimAnswer['body']): FastifyReply {
  if (body !== undefined && typeof body !== 'string') return reply.send(Readable.from(body, { objectMode: false }));
  if (body === undefined) return reply.send();
  if (!isLong(body)) return sendJsonText(reply, SCIM_MEDIA_TYPE, body);
  return reply.header('content-length', Buffer.byteLength(body)).send(streamText(body));
}
