import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether its end has been told of. */
    hasEnded: boolean;
  }
}

type Ended = (request: FastifyRequest, reply: FastifyReply) => void;

const listeners = new WeakMap<FastifyInstance, Ended[]>();

/**
 * Calls back once for each request: when its answer has left, or else when the answer was ready and whoever asked had gone without waiting
 * for it. Of those Fastify's `onResponse` tells nothing, though what they asked for may be done.
 */
export function onEnded(server: FastifyInstance, ended: Ended): void {
  const known = listeners.get(server);
  if (known) known.push(ended);
  else listen(server, [ended]);
}

/** Whether somebody has the answer. */
export function isAnswered({ raw }: FastifyReply): boolean {
  return raw.writableFinished;
}

function listen(server: FastifyInstance, all: Ended[]): void {
  listeners.set(server, all);
  server.decorateRequest('hasEnded', false);
  const tell = (request: FastifyRequest, reply: FastifyReply) => {
    if (request.hasEnded) return;
    request.hasEnded = true;
    for (const ended of all) ended(request, reply);
  };
  server.addHook('onRequest', (request, reply, done) => {
    // It closes once; `once` would make three objects more for each request.
    reply.raw.on('close', () => {
      if (reply.sent) tell(request, reply);
    });
    done();
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    if (reply.raw.closed) tell(request, reply);
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    tell(request, reply);
    done();
  });
}
