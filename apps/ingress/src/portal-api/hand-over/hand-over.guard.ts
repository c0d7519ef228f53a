import { createParamDecorator, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { HAND_OVER_HEADER } from '@rollcall/contract';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findHandOver, linkUnknown } from '@rollcall/management';
import type { OpenHandOver } from '@rollcall/management';
import { addressBlock, hashOpaqueToken } from '@rollcall/platform';
import { clientAddress } from '../../http/client-address';
import { RateLimits } from '../../http/rate-limits';

/** The hand-overs of requests under way. */
const opened = new WeakMap<FastifyRequest, OpenHandOver>();

/**
 * Lets a request in with what a hand-over was opened with, read from the database each time. No route but those that have this guard
 * takes it, and these take nothing else: a cookie of the portal opens none of them. Throws AppError 429 before anything is looked up, for
 * an address that makes them up as well, 404 `link_unknown`, and as findHandOver.
 */
@Injectable()
export class HandOverGuard implements CanActivate {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const tokenHash = hashOpaqueToken(String(request.headers[HAND_OVER_HEADER] ?? ''));
    this.limits.admitHandOver(tokenHash);
    const find = () => findHandOver(this.dataSource, tokenHash);
    const open = await this.limits.findUnproven(addressBlock(clientAddress(request)), find);
    if (!open) throw linkUnknown();
    this.limits.chargeHandOver(tokenHash);
    const { environmentId, organizationId, directoryId } = open;
    request.tenant = { environmentId, organizationId, directoryId };
    opened.set(request, open);
    return true;
  }
}

/** The hand-over that a request acts in. */
export const HandOverOf = createParamDecorator((_: undefined, context: ExecutionContext): OpenHandOver => {
  const open = opened.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (open) return open;
  throw new Error('HandOverOf stands behind HandOverGuard');
});
