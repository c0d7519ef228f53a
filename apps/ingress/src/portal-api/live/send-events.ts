import type { FastifyReply } from 'fastify';
import type { EventStream } from './event-stream';

/** Answers with a stream for as long as its reader is there. */
export function sendEvents(reply: FastifyReply, { body }: EventStream): void {
  reply.raw.once('close', () => body.destroy());
  // A proxy that gathers or changes what it passes on would hold the events back.
  void reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store, no-transform')
    .header('x-accel-buffering', 'no')
    .send(body);
}
