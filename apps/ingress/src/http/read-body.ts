import type { IncomingMessage } from 'node:http';
import { AppError } from '@rollcall/platform';
import { describeBytes } from './body-limits';
import { keepPace } from './keep-pace';

export interface BodyRules {
  /** Bytes that the body may have. */
  limit: number;
  /** From here on a body is charged. */
  largeFrom: number;
  /** Told how many bytes of a large body have arrived; it is not read on before that resolves. */
  charge: (bytes: number) => Promise<void> | undefined;
  /** Whether other large bodies wait for this one. */
  isHoldingUp: () => boolean;
  /** Over how many milliseconds the pace of a body is looked at. */
  paceMs: number;
}

/** Bytes in a second that a body must arrive with, and one for which others wait. */
const SLOWEST = 16 * 1024;
const SLOWEST_ALONE = 1024 * 1024;

/**
 * Reads the body of a request. What has arrived of a large one is charged; while there is no room its sender is held back by TCP.
 * Throws 413 for a body over the limit, 408 for one that comes too slowly, 400 when it ends too early, and what `charge`
 * and `look` throw.
 * @param look is shown each part as it arrives
 */
export function readBody(
  request: IncomingMessage,
  rules: BodyRules,
  look: (chunk: Buffer) => void = () => undefined,
): Promise<Buffer> {
  const { limit, largeFrom, charge, isHoldingUp, paceMs } = rules;
  // NaN for a body that is sent in chunks.
  const announced = Number(request.headers['content-length'] ?? Number.NaN);
  if (announced > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const body = collectBytes({ announced, largeFrom });
    const pace = keepPace({
      windowMs: paceMs,
      bytesPerSecond: () => (isHoldingUp() ? SLOWEST_ALONE : SLOWEST),
      fail: () => fail(tooSlow()),
    });
    const stop = () => {
      pace.stop();
      request.off('data', onData).off('end', onEnd).off('error', onCutOff);
    };
    const fail = (error: unknown) => {
      stop();
      reject(error);
    };
    const onCutOff = () => fail(cutOff());
    const onEnd = () => {
      stop();
      resolve(body.take());
    };
    const onData = (chunk: Buffer) => {
      body.add(chunk);
      if (body.length > limit) return fail(tooLarge(limit));
      try {
        look(chunk);
      } catch (error) {
        return fail(error);
      }
      const isLast = Number.isNaN(announced) ? request.complete : body.length >= announced;
      if (!isLast) pace.add(chunk.length);
      if (body.length <= largeFrom) return;
      const room = charge(body.length);
      if (!room) return;
      request.pause();
      pace.pause();
      room.then(() => {
        pace.go();
        request.resume();
      }, fail);
    };
    request.on('data', onData).on('end', onEnd).on('error', onCutOff);
  });
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

/** Nobody reads the answer: the sender is gone. */
function cutOff(): AppError {
  return new AppError({ kind: 'invalid', code: 'invalid_request', message: 'The request body ended too early.' });
}
