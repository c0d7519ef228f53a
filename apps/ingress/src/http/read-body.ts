import type { IncomingMessage } from 'node:http';
import { AppError } from '@rollcall/platform';

export interface BodyRules {
  /** Bytes that the body may have. */
  limit: number;
  /** Asked once the body turns out to be large, with the bytes it has at most; the rest of it waits for the answer. */
  admitLarge: (bytes: number) => Promise<void>;
}

/** From here on a body is large: a group of some thousand members, or some hundred with their names. */
export const LARGE_BODY = 128 * 1024;

/**
 * Reads the body of a request. One that is large is read on when it is admitted; until then its sender is held back by TCP.
 * Throws 413 for a body over the limit, 400 when it ends too early, and what `admitLarge` throws.
 */
export function readBody(request: IncomingMessage, { limit, admitLarge }: BodyRules): Promise<Buffer> {
  // NaN for a body that is sent in chunks.
  const announced = Number(request.headers['content-length'] ?? Number.NaN);
  if (announced > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const body = collectBytes(announced);
    let isAdmitted = false;
    const stop = () => request.off('data', onData).off('end', onEnd).off('error', onCutOff);
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
      if (isAdmitted || body.length <= LARGE_BODY) return;
      isAdmitted = true;
      request.pause();
      admitLarge(announced || limit).then(() => request.resume(), fail);
    };
    request.on('data', onData).on('end', onEnd).on('error', onCutOff);
  });
}

/** Gathers chunks. Those of a large body of known length go to one place at once, so that there is no second copy in the end. */
function collectBytes(announced: number) {
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
      if (whole || length <= LARGE_BODY || !(announced >= length)) return;
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
    message: `The request body is larger than ${limit / (1024 * 1024)} MB. Send the change in several requests.`,
  });
}

/** Nobody reads the answer: the sender is gone. */
function cutOff(): AppError {
  return new AppError({ kind: 'invalid', code: 'invalid_request', message: 'The request body ended too early.' });
}
