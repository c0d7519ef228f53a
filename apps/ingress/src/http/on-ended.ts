import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

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
  const told = new WeakSet<FastifyRequest>();
  const tell = (request: FastifyRequest, reply: FastifyReply) => {
    if (told.has(request)) return;
    told.add(request);
    for (const ended of all) ended(request, reply);
  };
  server.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => {
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
