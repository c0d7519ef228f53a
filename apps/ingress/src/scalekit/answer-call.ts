import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { create, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { encodeEnvelope } from '@connectrpc/connect/protocol';
import { setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import { ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, map } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Problem } from '../http/to-problem';
import '../http/told-status';
import { findMethod } from './find-method';
import { holdDeadline } from './hold-deadline';

const MEDIA_TYPE = 'application/grpc+proto';

/** Whether a request is a call of gRPC: nothing else is served by HTTP/2. */
export function isCall({ raw }: FastifyRequest): boolean {
  return raw.httpVersionMajor === 2;
}

/** Sends what a method returned as its message, unless the call's deadline passes first. */
@Injectable()
export class AnswerCallInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<MessageInitShape<DescMessage>>): Observable<Readable> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const output = findMethod(request.routeOptions.url)?.output;
    if (!output) throw new Error('AnswerCallInterceptor stands at methods of gRPC');
    return from(holdDeadline(request, reply, () => lastValueFrom(next.handle()))).pipe(
      map((returned) => {
        const message = toBinary(output, create(output, returned));
        return bodyOfAnswer(reply, encodeEnvelope(0, message));
      }),
    );
  }
}

/** The body of an answer that has a message, whose status then follows it. @param framed the message with its length before it */
export function bodyOfAnswer(reply: FastifyReply, framed: Uint8Array): Readable {
  reply.header('content-type', MEDIA_TYPE);
  reply.raw.addTrailers(statusOf(undefined));
  return withoutLength(framed);
}

/** The body of an answer that is nothing but a head, which tells the status. */
export function bodyOfRefusal(reply: FastifyReply): Readable {
  reply.header('content-type', MEDIA_TYPE);
  return withoutLength();
}

/** Tells a call what went wrong, with Scalekit's details. */
export function answerCallProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  const told = request.is404 ? NO_METHOD : problem;
  request.toldStatus = told.status;
  const details = [{ desc: ErrorInfoSchema, value: describeProblem(told, request.id) }];
  // Nothing but a head: of an answer without a body there is no behind.
  reply.headers({
    'content-type': MEDIA_TYPE,
    ...statusOf(new ConnectError(told.message, codeOf(told), undefined, details)),
  });
  // HTTP/2 has no such header, which Fastify sets when a body was not read.
  reply.removeHeader('connection');
  void reply.code(200).send(withoutLength());
  // What is left of a body would hold one of the connection's calls.
  request.raw.resume();
}

const NO_METHOD: Problem = {
  status: 501,
  code: 'method_not_allowed',
  message:
    'Rollcall syncs directories, and does not have this method of Scalekit’s API. What it has is at /api/docs, as a REST API.',
};

function describeProblem({ code, details = {} }: Problem, requestId: string): MessageInitShape<typeof ErrorInfoSchema> {
  const { fields } = details as { fields?: { field: string; problem: string }[] };
  return {
    errorCode: code,
    requestInfo: { requestId },
    ...(fields && {
      validationErrorInfo: {
        fieldViolations: fields.map(({ field, problem }) => ({ field, description: problem })),
      },
    }),
  };
}

/** A body whose length is not told: a proxy takes one that has come to its end for the end of the answer, and drops the status behind it. */
function withoutLength(...bytes: readonly Uint8Array[]): Readable {
  return Readable.from(bytes, { objectMode: false });
}

/** The status of a call, which stands behind its answer, or in the head of one that is nothing else (Trailers-Only). */
function statusOf(error: ConnectError | undefined): Record<string, string> {
  return Object.fromEntries(setTrailerStatus(new Headers(), error));
}

/** The code of gRPC for a problem; https://grpc.io/docs/guides/status-codes/. */
function codeOf({ status, code }: Problem): Code {
  if (status === 409 && code.endsWith('_taken')) return Code.AlreadyExists;
  return CODES[status] ?? (status < 500 ? Code.InvalidArgument : Code.Internal);
}

const CODES: Record<number, Code> = {
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  405: Code.Unimplemented,
  408: Code.DeadlineExceeded,
  409: Code.FailedPrecondition,
  410: Code.FailedPrecondition,
  413: Code.ResourceExhausted,
  422: Code.FailedPrecondition,
  429: Code.ResourceExhausted,
  501: Code.Unimplemented,
  503: Code.Unavailable,
};

const STATUSES: ReadonlyMap<number, number> = new Map([
  // Of several statuses that one code stands for, the first.
  ...Object.entries(CODES)
    .toReversed()
    .map(([status, code]): [number, number] => [code, Number(status)]),
  [0, 200],
  [Code.InvalidArgument, 400],
  [Code.AlreadyExists, 409],
  [Code.ResourceExhausted, 429],
]);

/** The status that the REST API would have given for what a code of gRPC tells; 200 for none. */
export function statusOfCode(code: number): number {
  return STATUSES.get(code) ?? 500;
}
