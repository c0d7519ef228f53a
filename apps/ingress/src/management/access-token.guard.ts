import { createParamDecorator, Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiScope } from '@rollcall/contract';
import { accessTokenKeys, addressBlock, AppError } from '@rollcall/platform';
import type { AccessTokenKeys, Clock, Logger, SecretHasher } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { AdmittedClient } from '@rollcall/management';
import { clientAddress } from '../http/client-address';
import { foreignServiceOf } from '../foreign-ids/foreign-service';
import { CLIENT_HASHER, CLOCK, CONFIG, LOGGER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { additionOf } from '../http/additions';
import { RateLimits } from '../http/rate-limits';
import { setActor } from '../http/request-writer';
import { createClientUseRecorder } from '../oauth/record-client-use';
import type { ClientUseRecorder } from '../oauth/record-client-use';
import { accessOf } from './access/access';
import { admitClient } from './access/admit-client';
import { MemberAccess } from './access/member-access';
import { readCredential } from './access/read-credential';
import { requireOwn } from './access/require-own';

/**
 * Lets a request in with an access token or an API key of a live client whose scopes and organization the route takes, or from a
 * page of the dashboard whose member has the role. The client, or the page, names the environment.
 */
@Injectable()
export class AccessTokenGuard implements CanActivate {
  private readonly keys: AccessTokenKeys;
  private readonly recordUse: ClientUseRecorder;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CLIENT_HASHER) private readonly hasher: SecretHasher,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
    private readonly limits: RateLimits,
    private readonly members: MemberAccess,
  ) {
    this.keys = accessTokenKeys(config);
    this.recordUse = createClientUseRecorder(dataSource, logger);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (this.members.claims(request)) {
      await this.members.admit(request, accessOf(context));
      return true;
    }
    const challenge = (problem: string) =>
      http.getResponse<FastifyReply>().header('www-authenticate', `Bearer realm="rollcall"${problem}`);
    const credential = readCredential(request);
    const client = additionOf(request).client ?? (await this.admit(credential, addressBlock(clientAddress(request))));
    if (!client) {
      // RFC 6750 §3: without a token only the scheme is named.
      challenge(credential === undefined ? '' : ', error="invalid_token"');
      throw unauthenticated(credential !== undefined);
    }
    request.tenant = { environmentId: client.environmentId, client };
    setActor(request, { type: 'api_client', id: client.clientId, name: client.name });
    if (client.touch) this.recordUse(client);
    const access = accessOf(context);
    if (!access || !mayAct(client.scopes, access.scope)) {
      challenge(`, error="insufficient_scope"${access ? `, scope="${access.scope}"` : ''}`);
      throw insufficientScope(access?.scope);
    }
    if (client.organizationId === null) return true;
    if (access.organization === 'refused') throw organizationClient();
    // The API of another service knows organizations by other ids too: TakeForeignIdsInterceptor goes on from here.
    if (access.organization === 'own' && !foreignServiceOf(context)) requireOwn(request, client.organizationId);
    return true;
  }

  private async admit(credential: string | undefined, address: string): Promise<AdmittedClient | null> {
    if (credential === undefined) return null;
    const { dataSource, hasher, limits } = this;
    const tokens = { keys: this.keys, issuer: this.config.publicUrl, now: this.clock() };
    return admitClient({ dataSource, hasher, tokens, limits, address }, credential);
  }
}

function mayAct(granted: readonly ApiScope[], scope: ApiScope): boolean {
  return granted.includes('write') || granted.includes(scope);
}

function unauthenticated(isGiven: boolean): AppError {
  return new AppError({
    kind: 'unauthenticated',
    code: isGiven ? 'invalid_token' : 'unauthenticated',
    message: isGiven
      ? 'The access token or API key is not valid, has expired, or its client was revoked. Get a new token with POST /oauth/token.'
      : 'Send an access token or an API key as "Authorization: Bearer …"; POST /oauth/token gives a token.',
  });
}

function insufficientScope(scope: ApiScope | undefined): AppError {
  return new AppError({
    kind: 'forbidden',
    code: 'insufficient_scope',
    message: scope
      ? `This API client has not the scope "${scope}" that the call takes.`
      : 'No API client may make this call.',
  });
}

function organizationClient(): AppError {
  return new AppError({
    kind: 'forbidden',
    code: 'organization_client',
    message: 'This API client is for one organization; the call takes one of the whole environment.',
  });
}

/** The bare id of the environment that the credential is for. */
export const EnvironmentId = createParamDecorator((_: undefined, context: ExecutionContext): string => {
  const { tenant } = context.switchToHttp().getRequest<FastifyRequest>();
  if (tenant?.environmentId) return tenant.environmentId;
  throw new Error('EnvironmentId stands behind AccessTokenGuard');
});

/** The bare id of the one organization that the client is for; undefined: all. For routes that are `filtered`. */
export const OrganizationOfClient = createParamDecorator(
  (_: undefined, context: ExecutionContext): string | undefined =>
    context.switchToHttp().getRequest<FastifyRequest>().tenant?.client?.organizationId ?? undefined,
);
