import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { surfaceOf } from './error-surfaces';
import type { Surface } from './error-surfaces';
import { pageOfProblem, prefersPage, sendPage } from './pages';
import { sendJsonText } from './send-json-text';
import type { Problem } from './to-problem';
import { varyOn } from './vary-on';
import { answerCallProblem, isCall } from '../scalekit/answer-call';

/** Sends a problem in the form of the surface that the request's URL belongs to, to a call of gRPC in that of gRPC; to a browser, where there is no API, as a page. */
export function answerProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
  // A surface that knows more than the scheme has set its challenge already.
  if (problem.status === 401 && !reply.hasHeader('www-authenticate')) {
    reply.header('www-authenticate', 'Bearer realm="rollcall"');
  }
  // What comes late of a body would be read for as long as its sender likes.
  if (problem.status === 408) reply.header('connection', 'close');
  for (const [name, value] of Object.entries(problem.headers ?? {})) reply.header(name, value);
  if (isCall(request)) return answerCallProblem(request, reply, problem);
  // That of the answer in whose place this comes.
  reply.removeHeader('content-encoding');
  const send = () => void sendProblem(request, reply.code(problem.status), problem);
  if (BODY_REFUSALS.has(problem.status)) afterBody(request.raw, send);
  else send();
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const surface = surfaceOf(request);
  if (surface.hasPages) {
    varyOn(reply, 'accept');
    if (prefersPage(request)) return sendPage(reply, pageOfProblem(problem));
  }
  const documentationUrl = linkToDocumentation(reply, surface, problem);
  return sendJsonText(
    reply,
    surface.mediaType,
    JSON.stringify(surface.render(problem, { requestId: request.id, documentationUrl })),
  );
}

/** Gives the answer a link to what explains it (RFC 8288), and returns its address; undefined where there is no documentation. */
function linkToDocumentation(reply: FastifyReply, surface: Surface, problem: Problem): string | undefined {
  const { documentation } = reply.server;
  if (documentation === undefined) return undefined;
  const address = `${documentation.base}${surface.explainedAt(problem, documentation.scimDetails)}`;
  reply.header('link', `<${address}>; rel="help"`);
  return address;
}

/** Statuses with which a body is refused before it was read. */
const BODY_REFUSALS = new Set([413, 415, 429, 503]);

/** A sender that goes on with a refused body is listened to for so long. */
const REFUSED_BODY_MS = 10_000;

/** Answers when the rest of a refused body has been read and dropped: closing under it would cost the sender the answer (RFC 9112 §9.6). */
function afterBody(message: IncomingMessage, answer: () => void): void {
  if (message.complete || message.readableEnded || message.destroyed) return answer();
  const finish = () => {
    clearTimeout(timer);
    message.off('end', finish).off('close', finish);
    answer();
  };
  const timer = setTimeout(finish, REFUSED_BODY_MS);
  message.once('end', finish).once('close', finish).resume();
}
