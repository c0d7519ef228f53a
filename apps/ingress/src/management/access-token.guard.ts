import { createParamDecorator, Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, deriveKeys, verifyAccessToken } from '@rollcall/platform';
import type { Clock, DerivedKeys } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { CLOCK, CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { setActor } from '../http/request-writer';
import { apiClientActor, findLiveClient } from '../oauth/authenticate-client';
import type { AuthenticatedClient } from '../oauth/authenticate-client';

/** Lets a request in with an access token of a client that is not revoked; the token names the environment. */
@Injectable()
export class AccessTokenGuard implements CanActivate {
  private readonly keys: DerivedKeys;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.keys = deriveKeys(config, 'access-token');
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const token = /^bearer +([^\s]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    const client = token === undefined ? null : await this.findClient(token);
    if (client) {
      request.tenant = { environmentId: client.environmentId };
      setActor(request, apiClientActor(client));
      return true;
    }
    // RFC 6750 §3: without a token only the scheme is named.
    const problem = token === undefined ? '' : ', error="invalid_token"';
    http.getResponse<FastifyReply>().header('www-authenticate', `Bearer realm="rollcall"${problem}`);
    throw new AppError({
      kind: 'unauthenticated',
      code: token === undefined ? 'unauthenticated' : 'invalid_token',
      message:
        token === undefined
          ? 'Send an access token as "Authorization: Bearer …"; POST /oauth/token gives one.'
          : 'The access token is not valid, has expired, or its client was revoked. Get a new one with POST /oauth/token.',
    });
  }

  private async findClient(token: string): Promise<AuthenticatedClient | null> {
    const settings = { keys: this.keys, issuer: this.config.publicUrl, now: this.clock() };
    const claims = await verifyAccessToken(token, settings);
    if (!claims) return null;
    const client = await findLiveClient(this.dataSource, claims.clientId);
    return client?.environment_id === claims.environmentId ? claims : null;
  }
}

/** The bare id of the environment that the credential is for. */
export const EnvironmentId = createParamDecorator((_: undefined, context: ExecutionContext): string => {
  const { tenant } = context.switchToHttp().getRequest<FastifyRequest>();
  if (tenant?.environmentId) return tenant.environmentId;
  throw new Error('EnvironmentId stands behind AccessTokenGuard');
});
