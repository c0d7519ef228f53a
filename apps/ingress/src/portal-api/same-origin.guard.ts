import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';
import { CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { isSafe } from '../http/is-safe';

/**
 * Refuses writes that another site's page could cause: a foreign Origin, and any content type that an HTML form can send.
 * SameSite=Strict keeps the cookie from such requests already; this holds where a browser does not.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: IngressConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (isSafe(request)) return true;
    refuseForeignOrigin(request, this.config.publicUrl);
    refuseFormType(request.headers['content-type'] ?? '');
    return true;
  }
}

/** Throws AppError 415 for every content type but JSON: a form of another site cannot send that one. */
export function refuseFormType(type: string): void {
  if (/^application\/json\s*(;|$)/i.test(type)) return;
  throw new AppError({
    kind: 'unsupported_media_type',
    code: 'unsupported_media_type',
    message: 'Send "Content-Type: application/json".',
  });
}

/** Throws AppError 403 `foreign_origin` for what another site's page sends. */
export function refuseForeignOrigin({ headers }: Pick<FastifyRequest, 'headers'>, publicUrl: string): void {
  const { origin, host, 'sec-fetch-site': site } = headers;
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (!isForeign && (origin === undefined || isOwn(origin, { host, publicUrl }))) return;
  throw new AppError({
    kind: 'forbidden',
    code: 'foreign_origin',
    message: 'This server takes changes only from its own pages.',
  });
}

/** The origin of PUBLIC_URL; on this machine also the one the request was sent to (PUBLIC_URL says localhost, the browser 127.0.0.1). */
function isOwn(origin: string, { host, publicUrl }: { host: string | undefined; publicUrl: string }): boolean {
  const own = new URL(publicUrl);
  if (origin === own.origin) return true;
  if (!isLoopback(own.hostname) || !URL.canParse(origin)) return false;
  const sender = new URL(origin);
  return isLoopback(sender.hostname) && sender.protocol === own.protocol && sender.host === host?.toLowerCase();
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
