import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { AppError } from '@rollcall/platform';
import { describeBytes } from './body-limits';
import { createDecoder, memoryOfDecoder } from './decode-body';
import type { Coding, Decoder } from './decode-body';
import { keepPace } from './keep-pace';

export interface BodyRules {
  /** Bytes that the body may have, decoded. */
  limit: number;
  /** From here on a body is charged. */
  largeFrom: number;
  /** Told how many bytes of a large body there are; it is not read on before that resolves. */
  charge: (bytes: number) => Promise<void> | undefined;
  /** Whether other large bodies wait for this one. */
  isHoldingUp: () => boolean;
  /** Over how many milliseconds the pace of a body is looked at. */
  paceMs: number;
}

/** How a body is read. */
export interface BodyReading extends BodyRules {
  /** What it arrives in; null = as it is. */
  coding: Coding | null;
  /** Is shown each part, decoded. */
  look?: (chunk: Buffer) => void;
}

/** Bytes in a second that a body must arrive with, and one for which others wait. */
const SLOWEST = 16 * 1024;
const SLOWEST_ALONE = 1024 * 1024;

/**
 * Reads the body of a request, and decodes it as it arrives. What there is of a large one is charged; while there is no room its
 * sender is held back by TCP. Throws 413 for a body over the limit, 408 for one that comes too slowly, 400 when it ends too early
 * or is not in its coding, and what `charge` and `look` throw.
 */
export function readBody(request: IncomingMessage, reading: BodyReading): Promise<Buffer> {
  // NaN for a body that is sent in chunks.
  const announced = Number(request.headers['content-length'] ?? Number.NaN);
  if (announced > reading.limit) return Promise.reject(tooLarge(reading.limit));
  return new Promise((resolve, reject) => {
    new BodyReader(request, announced, reading, { resolve, reject }).start();
  });
}

/** One body under way: `receive` has what arrives, `take` what it is decoded to. */
class BodyReader {
  private readonly body;
  private readonly pace;
  private arrived = 0;
  private decoder: Decoder | undefined;
  /** What is charged at least: what the decoder holds. */
  private held = 0;
  private isWaiting = false;
  private isSettled = false;

  constructor(
    private readonly request: IncomingMessage,
    private readonly announced: number,
    private readonly reading: BodyReading,
    private readonly settle: { resolve: (body: Buffer) => void; reject: (error: unknown) => void },
  ) {
    const { coding, largeFrom, paceMs, isHoldingUp } = reading;
    this.body = collectBytes({ announced: coding === null ? announced : Number.NaN, largeFrom });
    this.pace = keepPace({
      windowMs: paceMs,
      bytesPerSecond: () => (isHoldingUp() ? SLOWEST_ALONE : SLOWEST),
      fail: () => this.fail(tooSlow()),
    });
  }

  start(): void {
    this.request.on('data', this.receive).on('end', this.end).on('error', this.cutOff);
  }

  private readonly receive = (chunk: Buffer): void => {
    const { request, announced, pace } = this;
    const { limit, coding } = this.reading;
    this.arrived += chunk.length;
    // Before it is decoded too: there are bytes that become nothing.
    if (this.arrived > limit) return this.fail(tooLarge(limit));
    const isLast = Number.isNaN(announced) ? request.complete : this.arrived >= announced;
    // Of a coded body its bytes count as they are decoded.
    if (!isLast && !this.isWaiting) pace.add(coding === null ? chunk.length : 0);
    if (coding === null) this.take(chunk, request);
    else if (this.decoder) this.decode(this.decoder, chunk);
    else this.beginDecoding(coding, chunk);
  };

  /** Opens the decoder once there is room for what it may hold before it has given out a byte. */
  private beginDecoding(coding: Coding, first: Buffer): void {
    const { request } = this;
    this.held = memoryOfDecoder(coding, first);
    const begin = () => this.decode((this.decoder = this.openDecoder(coding, first)), first);
    if (this.held <= this.reading.largeFrom) begin();
    else this.waitForRoom(request, begin);
  }

  private decode(decoder: Decoder, chunk: Buffer): void {
    const { request } = this;
    if (decoder.write(chunk)) return;
    request.pause();
    decoder.once('drain', () => request.resume());
  }

  private openDecoder(coding: Coding, first: Buffer): Decoder {
    const decoder = createDecoder(coding, first);
    return (
      decoder
        .on('data', (chunk: Buffer) => this.take(chunk, decoder))
        // It ends by itself where something follows that is not of the coding.
        .on('end', () => (decoder.bytesWritten === this.arrived ? this.finish() : this.fail(undecodable(coding))))
        .on('error', () => this.fail(undecodable(coding)))
    );
  }

  private take(chunk: Buffer, source: Readable): void {
    const { request, body, pace } = this;
    const { limit, look, largeFrom } = this.reading;
    if (source !== request && !request.complete && !this.isWaiting) pace.add(chunk.length);
    body.add(chunk);
    if (body.length > limit) return this.fail(tooLarge(limit));
    try {
      look?.(chunk);
    } catch (error) {
      return this.fail(error);
    }
    if (body.length > largeFrom) this.waitForRoom(source, () => undefined);
  }

  /** Charges what there is of the body; while there is no room, `source` is held back and nothing is expected of the sender. */
  private waitForRoom(source: Readable, then: () => void): void {
    const { request, pace } = this;
    const room = this.reading.charge(Math.max(this.held, this.body.length));
    if (!room) return then();
    source.pause();
    pace.pause();
    this.isWaiting = true;
    room.then(
      () => {
        if (this.isSettled) return;
        this.isWaiting = false;
        if (!request.complete) pace.go();
        then();
        source.resume();
      },
      (error: unknown) => this.fail(error),
    );
  }

  private readonly end = (): void => {
    this.pace.stop();
    if (this.decoder) this.decoder.end();
    else this.finish();
  };

  private readonly cutOff = (): void => this.fail(endedEarly());

  private finish(): void {
    this.stop();
    this.settle.resolve(this.body.take());
  }

  private fail(error: unknown): void {
    this.stop();
    // Its last part may have been waiting for the decoder; whoever answers reads what is left.
    if (this.decoder) this.request.resume();
    this.settle.reject(error);
  }

  private stop(): void {
    this.isSettled = true;
    this.pace.stop();
    this.decoder?.destroy();
    this.request.off('data', this.receive).off('end', this.end).off('error', this.cutOff);
  }
}

/**
 * Gathers chunks. Those of a large body of known length go to one place at once, so that there is no second copy in the end; of
 * that place the machine gives memory only for what was written.
 */
function collectBytes({ announced, largeFrom }: { announced: number; largeFrom: number }) {
  const chunks: Buffer[] = [];
  let whole: Buffer | undefined;
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(chunk: Buffer): void {
      length += chunk.length;
      if (whole) chunk.copy(whole, length - chunk.length);
      else chunks.push(chunk);
      if (whole || length <= largeFrom || !(announced >= length)) return;
      whole = Buffer.allocUnsafeSlow(announced);
      Buffer.concat(chunks.splice(0)).copy(whole);
    },
    take: (): Buffer => whole ?? (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
  };
}

function tooLarge(limit: number): AppError {
  return new AppError({
    kind: 'too_large',
    code: 'too_large',
    message: `The request body is larger than ${describeBytes(limit)}. Send the change in several requests.`,
  });
}

function tooSlow(): AppError {
  return new AppError({
    kind: 'timed_out',
    code: 'request_timeout',
    message: 'The request body arrived too slowly. Send it again, faster or in several requests.',
  });
}

function undecodable(coding: Coding): AppError {
  return new AppError({
    kind: 'invalid',
    code: 'invalid_encoding',
    message: `The request body is not valid ${coding}, which its Content-Encoding says it is.`,
  });
}

/** Nobody reads the answer: the sender is gone. */
function endedEarly(): AppError {
  return new AppError({ kind: 'invalid', code: 'invalid_request', message: 'The request body ended too early.' });
}
