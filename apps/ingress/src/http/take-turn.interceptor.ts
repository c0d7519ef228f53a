import { Inject, Injectable, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { defer, finalize, from, mergeMap } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Turns } from '../share-connections';
import { TURNS } from './context.module';
import { RateLimits } from './rate-limits';
import './request-tenant';

/** What routes have that may look at much before they answer. */
const LONG_READ = 'rollcall:long-read';

/** Counts an environment's requests, and lets it have no more than its share of them in work; the others wait for their turn. */
@Injectable()
class TakeTurnInterceptor implements NestInterceptor {
  constructor(
    @Inject(TURNS) private readonly turns: Turns,
    private readonly limits: RateLimits,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const { tenant } = context.switchToHttp().getRequest<FastifyRequest>();
    // A session is opened before there is a tenant.
    if (!tenant?.environmentId) return next.handle();
    this.limits.admitEnvironment(tenant.environmentId);
    const kind = this.reflector.get<boolean>(LONG_READ, context.getHandler()) ? 'long' : 'ordinary';
    return from(this.turns[kind].take(tenant.environmentId)).pipe(
      mergeMap((share) => defer(() => next.handle()).pipe(finalize(() => share.giveBack()))),
    );
  }
}

/** For a controller behind a guard that has set the request's tenant. */
export const TakesTurns = () => UseInterceptors(TakeTurnInterceptor);

/** For a route that may look at much before it answers: there are fewer turns, apart from those of other routes. */
export const LongRead = () => SetMetadata(LONG_READ, true);
