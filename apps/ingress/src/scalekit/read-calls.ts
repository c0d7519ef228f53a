import type { IncomingMessage } from 'node:http';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, DescMethod, Message, MessageInitShape } from '@bufbuild/protobuf';
import { encodeEnvelope } from '@connectrpc/connect/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';
import { unsupportedMediaType } from '../http/parse-bodies';
import { readBody } from '../http/read-body';
import { findMethod } from './find-method';

/** Flag and length before a message (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
const PREFIX_BYTES = 5;

/**
 * Reads the messages of gRPC calls, within the limits and at the pace of every other body, and says in `params` which organization a call is
 * about, as a REST route's path does: guards go by it.
 */
export function readCalls(server: FastifyInstance): void {
  server.addContentTypeParser(
    /^application\/grpc(?:\+proto)?(?:;|$)/,
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const method = findMethod(request.routeOptions.url);
      // What other routes take is not this.
      if (!method) throw unsupportedMediaType();
      return readMessage(method, await readBody(payload, { ...request.bodyRules(), coding: null }));
    },
  );
  server.addHook('onRoute', (route) => {
    if (!findMethod(route.url)) return;
    route.onRequest = [refuseHttp1, ...[route.onRequest ?? []].flat()];
    route.preHandler = [nameOrganization, ...[route.preHandler ?? []].flat()];
  });
}

/** The method that a request calls. Throws when its route is none of gRPC's. */
export function calledMethod({ routeOptions }: FastifyRequest): DescMethod {
  const method = findMethod(routeOptions.url);
  if (!method) throw new Error(`no method of gRPC is at ${routeOptions.url}`);
  return method;
}

/** A message of the method that a request calls, as it is sent: with its length before it. */
export function frameMessage(request: FastifyRequest, message: Message): Uint8Array {
  return encodeEnvelope(0, toBinary(calledMethod(request).input, message));
}

/** An answer of the method that a request calls, as it is sent. */
export function frameAnswer(request: FastifyRequest, answer: MessageInitShape<DescMessage>): Uint8Array {
  const { output } = calledMethod(request);
  return encodeEnvelope(0, toBinary(output, create(output, answer)));
}

/** The message of an answer to a call, which has its length before it. */
export function messageOfAnswer(request: FastifyRequest, framed: Uint8Array): Message {
  return fromBinary(calledMethod(request).output, framed.subarray(PREFIX_BYTES));
}

type Done = (error?: Error) => void;

function refuseHttp1({ raw }: FastifyRequest, _reply: unknown, done: Done): void {
  done(raw.httpVersionMajor === 2 ? undefined : malformed('This address takes calls of gRPC, which come by HTTP/2.'));
}

function nameOrganization(request: FastifyRequest, _reply: unknown, done: Done): void {
  const message = request.body as { organizationId?: string; orgId?: string; id?: string } | undefined;
  // An empty body of another type, such as gRPC-Web's.
  if (!message) return done(malformed('Send the message as application/grpc or application/grpc+proto.'));
  const { organizationId, orgId, id } = message;
  request.params = { organization_id: organizationId ?? orgId ?? id };
  done();
}

/** The one message of a unary call. Throws AppError 400 when it is none of the method's. */
function readMessage({ input }: DescMethod, body: Buffer): Message {
  if (body.length < PREFIX_BYTES || body.readUInt32BE(1) !== body.length - PREFIX_BYTES) {
    throw malformed('The body of a call is one message with its length before it.');
  }
  if (body[0] !== 0) throw malformed('Messages are taken as they are, without a coding (grpc-accept-encoding).');
  try {
    return fromBinary(input, body.subarray(PREFIX_BYTES));
  } catch (cause) {
    throw malformed(`The message is no ${input.typeName}.`, cause);
  }
}

function malformed(message: string, cause?: unknown): AppError {
  return new AppError({ kind: 'invalid', code: 'malformed_request', message, cause });
}
