import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { AppError, createBudget } from '@rollcall/platform';
import { createGarbageCollector } from './collect-garbage';

const MEGABYTE = 1024 * 1024;

/**
 * Bytes of large bodies that are in work at a time: one group of 100,000 members, or many smaller ones. A body takes several
 * times its size until it is answered: its text, what is parsed of it, the statement's parameters, the answer.
 */
const BYTES_IN_WORK = 4 * MEGABYTE;
const MAX_WAITING = 32;
/** Together with the work itself less than the time that identity providers wait for an answer. */
export const LARGE_BODY_WAIT_MS = 30_000;
/** From here on an answer is large: a group of some ten thousand members. */
const LARGE_ANSWER = 4 * MEGABYTE;
/** After so many bytes of large bodies and answers their garbage is collected: seldom enough to cost little of the work that they make. */
const BYTES_BETWEEN_COLLECTIONS = 2 * MEGABYTE;

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Resolves when memory is free for this request's large body, which has it until the answer is sent. Throws 503 when too
     * many wait or the wait is too long.
     */
    admitLargeBody: (bytes: number) => Promise<void>;
    /** Bytes of the large body that was admitted. */
    largeBodyBytes: number;
  }
}

/** Bounds the memory that large bodies take together; one waits for its turn `maxWaitMs` at most. Requests with small bodies never wait for it. */
export function admitLargeBodies(server: FastifyInstance, { maxWaitMs }: { maxWaitMs: number }): void {
  const budget = createBudget({
    capacity: BYTES_IN_WORK,
    maxWaiting: MAX_WAITING,
    maxWaitMs,
    refusal: overloaded,
  });
  const collectAfter = collectSometimes();
  const admit = async (answer: ServerResponse, bytes: number): Promise<void> => {
    const giveBack = await budget.take(bytes);
    const leave = () => {
      collectAfter(bytes);
      giveBack();
    };
    if (answer.closed) leave();
    else answer.once('close', leave);
  };
  server.decorateRequest('admitLargeBody');
  server.decorateRequest('largeBodyBytes', 0);
  server.addHook('onRequest', (request, reply, done) => {
    request.admitLargeBody = (bytes) => {
      request.largeBodyBytes = bytes;
      return admit(reply.raw, bytes);
    };
    done();
  });
  server.addHook('preHandler', (request, _reply, done) => {
    done();
    const { largeBodyBytes } = request;
    // When the handler has handed its work to the database, the body and what was parsed of it are garbage.
    if (largeBodyBytes > 0) setImmediate(() => collectAfter(largeBodyBytes));
  });
  server.addHook('onResponse', (_request, reply, done) => {
    done();
    const bytes = answerBytes(reply);
    if (bytes >= LARGE_ANSWER) setImmediate(() => collectAfter(bytes));
  });
}

/** Bytes of an answer. One whose length was not announced was too long to be made as a whole. */
function answerBytes(reply: FastifyReply): number {
  return reply.raw.chunkedEncoding ? LARGE_ANSWER : Number(reply.getHeader('content-length') ?? 0);
}

/** Collects garbage once it has been given enough bytes. */
function collectSometimes(): (bytes: number) => void {
  const collectGarbage = createGarbageCollector();
  let uncollected = 0;
  return (bytes) => {
    uncollected += bytes;
    if (uncollected < BYTES_BETWEEN_COLLECTIONS) return;
    uncollected = 0;
    collectGarbage();
  };
}

function overloaded(): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'too_many_large_requests',
    message: 'Too many large requests are in work. Try again in some seconds, or send the change in smaller requests.',
    retryAfterSeconds: 5,
  });
}
