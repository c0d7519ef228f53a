import { Inject, Injectable, UseInterceptors } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { defer, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { claimIdempotencyKey, keepAnswer, noteCarriedOut, releaseIdempotencyKey } from '@rollcall/management';
import type { IdempotentRequest, KeptAnswer } from '@rollcall/management';
import { AppError, newId } from '@rollcall/platform';
import type { Logger, Sealer, SecretHasher } from '@rollcall/platform';
import { LOGGER, SEALER, SECRET_HASHER } from '../../http/context.module';
import { namesOf } from '../../http/name-request';
import { actorOf, admitAlso } from '../../http/request-writer';
import '../../http/request-tenant';

/** Characters of an answer that is kept. */
const ANSWER_MAX = 32_768;

const PRINTABLE = /^[\x21-\x7e]{1,255}$/;

/**
 * Carries a POST with an `Idempotency-Key` out once, and answers whoever sends it again as it was answered then. What was refused
 * or has failed is forgotten, so that the same key may try again.
 *
 * The key is claimed first, and marked in the transaction of what the request changes; the answer is stored after it. When the process
 * dies in between, the request is not carried out a second time, and its answer is lost (409 `idempotency_answer_lost`).
 */
@Injectable()
class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SEALER) private readonly sealer: Sealer,
    @Inject(SECRET_HASHER) private readonly hasher: Pick<SecretHasher, 'hashGenerated'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined;
    if (key === undefined) return next.handle();
    if (typeof key !== 'string' || !PRINTABLE.test(key)) throw invalidKey();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return defer(() => this.answerOnce(this.readRequest(request, key), { request, reply, next }));
  }

  private readRequest(request: FastifyRequest, key: string): IdempotentRequest {
    const { environmentId } = request.tenant ?? {};
    if (!environmentId) throw new Error('KeepsIdempotencyKeys stands behind AccessTokenGuard');
    const { type, id } = actorOf(request);
    return {
      environmentId,
      // Of whose key it is, too: nobody is answered what somebody else has asked for.
      keyHash: this.hashOf([type, id, key]),
      requestHash: this.hashOf([request.method, request.url, request.body ?? null]),
      claim: newId(),
    };
  }

  /** Keyed: who has the table cannot find out by trying whether an address was in a body. */
  private hashOf(parts: readonly unknown[]): string {
    return this.hasher.hashGenerated(JSON.stringify(parts));
  }

  private async answerOnce(idempotent: IdempotentRequest, { request, reply, next }: Exchange): Promise<unknown> {
    const kept = await claimIdempotencyKey(this.dataSource, idempotent);
    if (kept) return this.answerAgain(idempotent, kept, reply);
    admitAlso(request, (manager) => noteCarriedOut(manager, idempotent));
    let body: unknown;
    try {
      body = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      await this.attempt(request, () => releaseIdempotencyKey(this.dataSource, idempotent));
      throw error;
    }
    const text = JSON.stringify(body ?? null);
    if (text.length <= ANSWER_MAX) {
      const sealedAnswer = this.sealer.seal(text, 'idempotentAnswer', idempotent.keyHash);
      const answer = { status: reply.statusCode, sealedAnswer };
      await this.attempt(request, () => keepAnswer(this.dataSource, idempotent, answer));
    }
    return body;
  }

  private answerAgain({ keyHash }: IdempotentRequest, kept: KeptAnswer, reply: FastifyReply): unknown {
    void reply.code(kept.status).header('idempotency-replayed', 'true');
    return JSON.parse(this.sealer.open(kept.sealedAnswer, 'idempotentAnswer', keyHash)) ?? undefined;
  }

  /** What the request did stands, whatever becomes of its key. */
  private async attempt(request: FastifyRequest, work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      this.logger.warn({ err: error, ...namesOf(request) }, 'could not store what became of an idempotency key');
    });
  }
}

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
  next: CallHandler<unknown>;
}

/** For a controller behind a guard that has set the request's tenant and its actor. Stands inside what counts requests. */
export const KeepsIdempotencyKeys = () => UseInterceptors(IdempotencyInterceptor);

function invalidKey(): AppError {
  return new AppError({
    kind: 'invalid',
    code: 'invalid_request',
    message: 'Idempotency-Key must be 1 to 255 printable ASCII characters without space, such as a UUID.',
  });
}
