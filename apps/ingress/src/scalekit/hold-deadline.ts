import { parseTimeout } from '@connectrpc/connect/protocol-grpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';

/** The longest that a timer waits. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * What work comes to, unless the deadline passes first that a call names in `grpc-timeout`, from when it came
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). Work that has begun goes to its end, with what it holds: it is only not
 * waited for. Throws AppError `request_timeout` when it passes, `malformed_request` for a header that is none.
 */
export async function holdDeadline<Result>(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<Result>,
): Promise<Result> {
  const named = headers['grpc-timeout'];
  if (typeof named !== 'string') return work();
  const { timeoutMs, error } = parseTimeout(named, Number.MAX_SAFE_INTEGER);
  if (timeoutMs === undefined) {
    const message = 'grpc-timeout is a number of at most 8 digits and one of H, M, S, m, u and n.';
    throw new AppError({ kind: 'invalid', code: 'malformed_request', message, cause: error });
  }
  const leftMs = timeoutMs - reply.elapsedTime;
  if (leftMs <= 0) throw deadlineExceeded();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(deadlineExceeded()), Math.min(leftMs, LONGEST_MS));
  });
  return Promise.race([work(), deadline]).finally(() => clearTimeout(timer));
}

function deadlineExceeded(): AppError {
  return new AppError({
    kind: 'timed_out',
    code: 'request_timeout',
    message: 'The deadline of the call has passed. What it changes may have been changed: look before you repeat it.',
  });
}
