import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ANSWER_CODINGS, chooseCoding } from './choose-coding';
import type { AnswerCoding } from './choose-coding';
import { isKnown, tagOf } from './entity-tag';
import { varyOn } from './vary-on';

/** A body that stays the same, in each coding in which it is sent, with the entity tag of all of them. */
export type CodedBody = Record<AnswerCoding | 'identity', Buffer> & { tag: string };

/** How much is done for a body's size: a megabyte takes some 50 ms. */
const BROTLI_QUALITY = 5;

/** Compresses a body once for all its readers. */
export async function codeBody(identity: Buffer): Promise<CodedBody> {
  const [br, gzipped] = await Promise.all([
    promisify(brotliCompress)(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
    promisify(gzip)(identity),
  ]);
  return { identity, br, gzip: gzipped, tag: tagOf(identity) };
}

/** The same for a body that is made when somebody asks for it first; one that could not be made is tried again. */
export function codeOnce(make: () => Promise<Buffer>): () => Promise<CodedBody> {
  let body: Promise<CodedBody> | undefined;
  const code = async (): Promise<CodedBody> => {
    try {
      return await codeBody(await make());
    } catch (error) {
      body = undefined;
      throw error;
    }
  };
  return () => (body ??= code());
}

/** Sends the body in the coding that the client likes best, or 304 to one who has it already; who has an error is told again (RFC 9110 §13.2.1). */
export function sendCoded(request: FastifyRequest, reply: FastifyReply, body: CodedBody): FastifyReply {
  varyOn(reply, 'accept-encoding');
  // Fastify would give the answer to HEAD the length of a text.
  if (reply.statusCode < 400 && isKnown(request, reply, body.tag))
    return reply.send(request.method === 'HEAD' ? Readable.from([]) : undefined);
  const coding = chooseCoding(request.headers['accept-encoding'], ANSWER_CODINGS);
  if (coding !== null) reply.header('content-encoding', coding);
  return reply.send(body[coding ?? 'identity']);
}
