import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGzip, gzip, gzipSync } from 'node:zlib';
import type { Gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import './answer-bytes';
import { chooseCoding } from './choose-coding';
import { Places } from './places';
import { prependOnSend } from './prepend-on-send';
import { varyOn } from './vary-on';
import './request-tenant';

/** Bytes up to which an answer is left as it is: it goes in one packet in any coding. */
const ONE_PACKET = 1_400;

/** Bytes up to which one is compressed at once: half a millisecond at most, and to hand it over takes as long. */
const AT_ONCE = 16 * 1024;

/** Of a list a tenth remains. Level 6 would take two to three times as long, for a tenth less of that. */
const EFFORT = { level: 1 };

/** Bodies that are compressed beside the event loop at a time, and those of one tenant: the threads there also hash secrets. */
const BESIDE = { max: 4, perKey: 2 };

/** Streams that are compressed at a time: some 300 kB of memory each for as long as their readers take, and a millisecond beside the event loop now and then. */
const STREAMS = { max: 16, perKey: 4 };

/**
 * How long the reader of a compressed stream may take for what is left of it once its source has ended, in milliseconds: until then
 * the source's own bounds hold, and what is left are some hundred kilobytes.
 */
const TAIL_MS = 60_000;

type Done = (error: null, payload: unknown) => void;

/**
 * Compresses the answers of every route that reads, registered from here on, for clients that take gzip. What is whole stays whole,
 * and what is streamed is streamed at its reader's pace. An answer for which there is no room is sent as it is, not kept waiting.
 * @param tailMs for tests, which do not wait for so long
 */
export function compressAnswers(server: FastifyInstance, tailMs = TAIL_MS): void {
  const compressor = new AnswerCompressor(tailMs);
  server.addHook('onRoute', (route) => {
    if (reads(route)) prependOnSend(route, compressor.onSend);
  });
}

/**
 * Whether a route only reads. The answer to a write may hold a secret that was made for it, beside a text that its caller chose: the
 * length of the two compressed together tells how much of the one is in the other (BREACH).
 */
function reads({ method, url }: Pick<RouteOptions, 'method' | 'url'>): boolean {
  return [method].flat().includes('GET') || [method].flat().includes('HEAD') || url.endsWith('/.search');
}

class AnswerCompressor {
  private readonly beside = new Places(BESIDE);
  private readonly streams = new Places(STREAMS);

  constructor(private readonly tailMs: number) {}

  /** A hook of Fastify's. */
  readonly onSend = (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void => {
    if (reply.statusCode !== 200 || !isCompressible(reply, payload)) return done(null, payload);
    varyOn(reply, 'accept-encoding');
    if (chooseCoding(request.headers['accept-encoding'], ['gzip']) === null) return done(null, payload);
    if (isStream(payload)) return this.compressStream(request, reply, payload, done);
    this.compressWhole(request, reply, payload, done);
  };

  private compressWhole(request: FastifyRequest, reply: FastifyReply, payload: string | Buffer, done: Done): void {
    const bytes = Buffer.byteLength(payload);
    const finish = (compressed: Buffer) => {
      request.bytesBeforeCoding = () => bytes;
      markCompressed(reply);
      done(null, compressed);
    };
    if (bytes <= AT_ONCE) return finish(gzipSync(payload, EFFORT));
    const giveBack = this.beside.take(ownerOf(request));
    if (typeof giveBack !== 'function') return done(null, payload);
    gzip(payload, EFFORT, (error, compressed) => {
      giveBack();
      if (error) done(null, payload);
      else finish(compressed);
    });
  }

  private compressStream(request: FastifyRequest, reply: FastifyReply, payload: Readable, done: Done): void {
    if (request.method === 'HEAD') {
      // Fastify reads what is not sent.
      markCompressed(reply);
      return done(null, payload);
    }
    const giveBack = this.streams.take(ownerOf(request));
    if (typeof giveBack !== 'function') return done(null, payload);
    markCompressed(reply);
    const compressed = createGzip(EFFORT).once('close', giveBack);
    request.bytesBeforeCoding = () => compressed.bytesWritten;
    payload.once('end', () => this.boundTail(reply, compressed));
    // Whichever of the two ends first ends the other; Fastify sees to an error of the second.
    pipeline(payload, compressed, () => undefined);
    done(null, compressed);
  }

  /** Ends the answer, and with it the compression, when its reader leaves the last of it. */
  private boundTail(reply: FastifyReply, compressed: Gzip): void {
    if (compressed.closed) return;
    const timer = setTimeout(() => reply.raw.destroy(), this.tailMs).unref();
    compressed.once('close', () => clearTimeout(timer));
  }
}

/** Whose places an answer takes; those without a credential have one tenant's share together. */
function ownerOf({ tenant }: FastifyRequest): string {
  return tenant?.environmentId ?? tenant?.directoryId ?? '';
}

function markCompressed(reply: FastifyReply): void {
  // The length, where it is known, was that of the body as it was.
  reply.header('content-encoding', 'gzip').removeHeader('content-length');
}

type Payload = string | Buffer | Readable;

/** Whether what is sent is compressed for those who take gzip. */
export function isCompressible(reply: FastifyReply, payload: unknown): payload is Payload {
  return isWorthIt(payload) && isPlain(reply);
}

function isWorthIt(payload: unknown): payload is Payload {
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) return payload.length > ONE_PACKET;
  return isStream(payload);
}

function isStream(payload: unknown): payload is Readable {
  return typeof payload === 'object' && payload !== null && 'pipe' in payload;
}

/** Whether an answer is a text without a coding. Files that can be read in parts stay: their parts are counted in the bytes that they have. */
function isPlain(reply: FastifyReply): boolean {
  const type = String(reply.getHeader('content-type') ?? '');
  return (
    // Events go out one by one: a coding would gather them.
    /json|javascript|^text\/(?!event-stream)/.test(type) &&
    !reply.hasHeader('content-encoding') &&
    !reply.hasHeader('accept-ranges')
  );
}
