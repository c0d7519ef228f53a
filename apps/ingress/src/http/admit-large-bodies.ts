import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressBlock, AppError } from '@rollcall/platform';
import { answerBytes, countAnswers } from './answer-bytes';
import { SMALL_BODY } from './body-limits';
import { clientAddress } from './client-address';
import { createGarbageCollector } from './collect-garbage';
import type { BodyRules } from './read-body';
import './request-tenant';
import { BodyMemory } from './share-body-memory';
import type { BodyAccount } from './share-body-memory';

const MEGABYTE = 1024 * 1024;

/** How long large bodies may take. */
export interface LargeBodyTimes {
  /** How long one waits for its turn at most. */
  waitMs: number;
  /** Over how long its pace is looked at. */
  paceMs: number;
}

/** Together with the work itself less than the time that identity providers wait for an answer. */
export const LARGE_BODY_TIMES: LargeBodyTimes = { waitMs: 30_000, paceMs: 8_000 };

/**
 * Bytes of large bodies that are in work at a time beside the one that is alone. A body takes several times its size until it is
 * answered: its text, what is parsed of it, the statement's parameters, the answer. One directory or environment may have a
 * quarter of them.
 */
const AUTHENTICATED = { capacity: 4 * MEGABYTE, perOwner: MEGABYTE, maxWaiting: { all: 32, perOwner: 12 } };
/** The same for callers who have not been authenticated when the body arrives, by address. */
const UNKNOWN = { capacity: 2 * MEGABYTE, perOwner: MEGABYTE, maxWaiting: { all: 16, perOwner: 4 } };
/** From here on a body is large: a group of some thousand members, or some hundred with their names. */
const LARGE_BODY = 128 * 1024;
/** From here on an answer is large: a group of some ten thousand members. */
const LARGE_ANSWER = 4 * MEGABYTE;
/**
 * After so many bytes of large bodies and answers their garbage is collected, if the heap is crowded: seldom enough to cost little of the
 * work that they make.
 */
const BYTES_BETWEEN_COLLECTIONS = 2 * MEGABYTE;
/** Twice as much as the ingress has at rest. */
const CROWDED_HEAP = 120 * MEGABYTE;

declare module 'fastify' {
  interface FastifyRequest {
    /** How this request's body is read; what it is charged it holds until the answer is sent. */
    bodyRules: () => BodyRules;
    /** Bytes of the large body that were charged. */
    largeBodyBytes: number;
  }
}

/**
 * Bounds the memory that large bodies take together. Whose they are is known by the time when they are read, except before
 * authentication, where they have a memory of their own. Requests with small bodies never wait for it.
 * @param crowdedHeap bytes from which on the heap is not left to V8 alone
 */
export function admitLargeBodies(
  server: FastifyInstance,
  { waitMs, paceMs }: LargeBodyTimes,
  crowdedHeap = CROWDED_HEAP,
): void {
  const memories = {
    authenticated: new BodyMemory({ ...AUTHENTICATED, maxWaitMs: waitMs, refusal: overloaded }),
    unknown: new BodyMemory({ ...UNKNOWN, maxWaitMs: waitMs, refusal: overloaded }),
  };
  const collectAfter = collectSometimes(crowdedHeap);
  countAnswers(server);
  server.decorateRequest('bodyRules');
  server.decorateRequest('largeBodyBytes', 0);
  server.addHook('onRequest', (request, reply, done) => {
    request.bodyRules = () => {
      let account: BodyAccount | undefined;
      return {
        limit: request.routeOptions.bodyLimit,
        largeFrom: request.tenant ? LARGE_BODY : SMALL_BODY,
        paceMs,
        charge: (bytes) => {
          account ??= openAccount(request, reply, memories);
          request.largeBodyBytes = bytes;
          return account.charge(bytes);
        },
        isHoldingUp: () => account?.isHoldingUp() ?? false,
      };
    };
    done();
  });
  server.addHook('preHandler', ({ largeBodyBytes }, _reply, done) => {
    done();
    // When the handler has handed its work to the database, the body and what was parsed of it are garbage.
    if (largeBodyBytes > 0) setImmediate(() => collectAfter(largeBodyBytes));
  });
  server.addHook('onResponse', (request, reply, done) => {
    done();
    const ofAnswer = answerBytes(request, reply);
    const bytes = request.largeBodyBytes + (ofAnswer >= LARGE_ANSWER ? ofAnswer : 0);
    if (bytes > 0) setImmediate(() => collectAfter(bytes));
  });
}

/** Opens the account of a request's body and closes it when the answer has been sent or its reader is gone. */
function openAccount(
  request: FastifyRequest,
  { raw: answer }: FastifyReply,
  { authenticated, unknown }: Record<'authenticated' | 'unknown', BodyMemory>,
): BodyAccount {
  const owner = request.tenant?.environmentId ?? request.tenant?.directoryId;
  const account = owner === undefined ? unknown.open(addressBlock(clientAddress(request))) : authenticated.open(owner);
  if (answer.closed) account.release();
  else answer.once('close', () => account.release());
  return account;
}

/** Collects garbage once it has been given enough bytes. */
function collectSometimes(crowdedHeap: number): (bytes: number) => void {
  const collectGarbage = createGarbageCollector(crowdedHeap);
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
