import { SetMetadata } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ImportedService } from '@rollcall/directory';
import type { RequestTenant } from '../http/request-tenant';

const SERVICE = Symbol('FOREIGN_SERVICE');

export const setForeignService = (service: ImportedService): ClassDecorator => SetMetadata(SERVICE, service);

/** Whose API a route is of; undefined: ours. */
export function foreignServiceOf(context: ExecutionContext): ImportedService | undefined {
  return Reflect.getMetadata(SERVICE, context.getClass()) as ImportedService | undefined;
}

/** A request of such a route, which the guard has let in. */
export interface ForeignRequest {
  request: FastifyRequest;
  tenant: RequestTenant;
  /** Within what, and of whom, ids are looked for. */
  scope: { environmentId: string; service: ImportedService };
}

export function foreignRequestOf(context: ExecutionContext): ForeignRequest {
  const service = foreignServiceOf(context);
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { tenant } = request;
  if (!service || tenant?.environmentId === undefined) throw new Error('HasApiOf stands behind AccessTokenGuard');
  return { request, tenant, scope: { environmentId: tenant.environmentId, service } };
}
