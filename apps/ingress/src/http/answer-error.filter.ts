import { Catch, Inject, NotFoundException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseToken } from '@rollcall/platform';
import type { DatabaseProbe } from '@rollcall/database';
import type { Logger, Metrics } from '@rollcall/platform';
import { NotAdmitted } from '@rollcall/scim-store';
import { answerProblem } from './answer-problem';
import { LOGGER, METRICS, PROBE } from './context.module';
import { createRefusalHolder } from './hold-refusals';
import { allowedMethods } from './known-routes';
import { namesOf } from './name-request';
import { toProblem } from './to-problem';
import type { Problem } from './to-problem';
import { findRefusal, refusedDirectory } from '../scim/auth/find-refusal';
import { readBearerToken } from '../scim/auth/read-bearer-token';
import { RefusalRecorder } from '../scim/traffic/record-refusals';
import { refusalReason } from '../scim/traffic/refusal-reason';
import { SignInRecorder } from '../sign-ins/record-sign-ins';
import { originOf } from './request-writer';
import { noteProblem } from '../scim/requests/request-draft';
import '../scim/scim-call';

/** Answers every error of every surface; see error-surfaces for the forms. */
@Catch()
export class AnswerErrorFilter implements ExceptionFilter {
  private readonly holdRefusal = createRefusalHolder();
  private readonly refused;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly signIns: SignInRecorder,
    private readonly refusals: RefusalRecorder,
    @Inject(PROBE) private readonly probe: DatabaseProbe,
    @Inject(METRICS) metrics: Metrics,
  ) {
    const help = 'Requests refused by a limit, or because there was no room or no database, by the code of the error.';
    this.refused = metrics.counter('rollcall_requests_refused_total', help, ['code']);
  }

  async catch(exception: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) {
      this.logger.error({ err: exception, ...namesOf(request) }, 'failed after the answer had begun');
      reply.raw.destroy();
      return;
    }
    const directoryId = request.tenant?.directoryId;
    if (directoryId !== undefined) await this.holdRefusal(directoryId, exception);
    const error = await callerProblem(request, exception);
    const problem = request.is404 && error instanceof NotFoundException ? atUnknownRoute(request) : toProblem(error);
    noteProblem(request, problem);
    const refusal = findRefusal(request, error, problem);
    if (refusal) this.signIns.refused(refusal.target, refusal.reason, originOf(request));
    this.countRefusal(request, error, problem);
    if (isOverLimit(problem)) this.refused.inc({ code: problem.scimType ?? problem.code });
    if (problem.status === 503) this.probe.tell(error);
    if (problem.status >= 500 && problem.status !== 501) {
      const { method, routeOptions } = request;
      this.logger.error({ err: error, method, route: routeOptions?.url, ...namesOf(request) }, 'request failed');
    }
    if (problem.status === 405 && request.method === 'OPTIONS') {
      void reply.code(204).header('allow', problem.headers?.allow).send();
    } else answerProblem(request, reply, problem);
  }

  /** The health of the directory tells of it. */
  private countRefusal(request: FastifyRequest, error: unknown, problem: Problem): void {
    const directoryId = refusedDirectory(request, error);
    const reason = refusalReason(error, problem);
    if (directoryId === undefined || reason === null) return;
    this.refusals.refused({
      directoryId,
      reason,
      status: problem.status,
      scimType: problem.scimType ?? null,
      isToken: isAsWeIssue(readBearerToken(request.headers.authorization)),
    });
  }
}

/** See "Limits" of the public interface. */
function isOverLimit({ status, scimType }: Problem): boolean {
  return status === 413 || status === 429 || status === 503 || scimType === 'tooMany';
}

function isAsWeIssue(token: string | undefined): boolean {
  return token !== undefined && parseToken(token) !== null;
}

/** The error to answer: what the caller did wrong, unless the caller may not act at all and so learns nothing else. */
async function callerProblem(request: FastifyRequest, exception: unknown): Promise<unknown> {
  if (exception instanceof NotAdmitted) return exception;
  try {
    await request.scimCaller?.confirm();
    return exception;
  } catch (refusal) {
    return refusal;
  }
}

/** Unknown path: 404. Known path, other method: 405 with Allow. */
function atUnknownRoute(request: FastifyRequest): Problem {
  const path = decodePath(request.url.split('?', 1)[0] ?? '/');
  const methods = allowedMethods(request.server, path);
  if (methods.length === 0 || methods.includes(request.method)) return toProblem(new NotFoundException());
  const headers = { allow: [...methods, 'OPTIONS'].join(', ') };
  return {
    status: 405,
    code: 'method_not_allowed',
    message: `This address does not take ${request.method}, only ${methods.join(', ')}.`,
    headers,
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
