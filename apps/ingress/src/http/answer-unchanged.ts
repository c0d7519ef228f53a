import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DASHBOARD_ENVIRONMENT_HEADER } from '@rollcall/contract';
import { isCompressible } from './compress-answers';
import { isKnown, tagOf } from './entity-tag';
import { prependOnSend } from './prepend-on-send';
import { varyOn } from './vary-on';

/** What the pages of the portal and of the dashboard ask for again and again. */
const POLLED = /^\/(?:(?:portal|dashboard)\/api|api\/v1)\//;
/** What applications read too, none of it again while it is the same: there only the dashboard's pages, which say their environment, are given tags. */
const OF_APPLICATIONS = /^\/api\/v1\//;

/**
 * Gives the answers that are polled an entity tag of their bytes, and who has those already gets 304 and no body. Holds for routes registered from here on; to be called after
 * `compressAnswers`, whose work it saves.
 */
export function answerUnchanged(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    if (POLLED.test(route.url) && (methods.includes('GET') || methods.includes('HEAD'))) {
      prependOnSend(route, OF_APPLICATIONS.test(route.url) ? tagForPages : tagAnswer);
    }
  });
}

type Done = (error: null, payload: unknown) => void;

function tagForPages(request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void {
  if (request.headers[DASHBOARD_ENVIRONMENT_HEADER] === undefined) return done(null, payload);
  tagAnswer(request, reply, payload, done);
}

function tagAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return done(null, payload);
  // A 304 names what the whole answer would have depended on (RFC 9110 §15.4.5).
  if (isCompressible(reply, payload)) varyOn(reply, 'accept-encoding');
  if (!isKnown(request, reply, tagOf(payload))) return done(null, payload);
  // Fastify would give the answer to HEAD the length of a text.
  done(null, request.method === 'HEAD' ? Readable.from([]) : null);
}
