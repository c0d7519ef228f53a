import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiConsumes, ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OAUTH_ERROR_CODES } from '@rollcall/contract';
import { ACCESS_TOKEN_LIFETIME_SECONDS, accessTokenKeys, AppError, issueAccessToken } from '@rollcall/platform';
import type { AccessTokenKeys, Clock, Logger, SecretHasher } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { clientAddress } from '../http/client-address';
import { CLIENT_HASHER, CLOCK, CONFIG, LOGGER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { originOf } from '../http/request-writer';
import { SignInRecorder } from '../sign-ins/record-sign-ins';
import { authenticateClient } from './authenticate-client';
import type { AuthenticatedClient, ClientCredentials } from './authenticate-client';
import { chooseSigner } from './choose-signer';
import { invalidClient, readTokenRequest } from './read-token-request';
import { createClientUseRecorder } from './record-client-use';
import type { ClientUseRecorder } from './record-client-use';

class TokenForm {
  @ApiProperty({ enum: ['client_credentials'], required: true })
  grant_type: string;

  @ApiProperty({ type: String, required: false, description: 'Unless HTTP Basic is used.' })
  client_id?: string;

  @ApiProperty({ type: String, required: false, description: 'Unless HTTP Basic is used.' })
  client_secret?: string;
}

class AccessToken {
  @ApiProperty({ type: String })
  access_token: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type: string;

  @ApiProperty({ type: 'integer', description: 'Seconds.' })
  expires_in: number;
}

class OAuthError {
  @ApiProperty({ enum: [...OAUTH_ERROR_CODES] })
  error: string;

  @ApiProperty({ type: String })
  error_description: string;
}

/** The token endpoint of the OAuth 2.0 client credentials grant (RFC 6749 §4.4). */
@ApiTags('OAuth')
@Controller('oauth')
export class TokenController {
  private readonly keys: AccessTokenKeys;
  private readonly recordUse: ClientUseRecorder;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CLIENT_HASHER) private readonly hasher: SecretHasher,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly signIns: SignInRecorder,
  ) {
    this.keys = accessTokenKeys(config);
    this.recordUse = createClientUseRecorder(dataSource, logger);
  }

  @Post('token')
  @HttpCode(200)
  @ApiOperation({ operationId: 'createAccessToken', summary: 'Get an access token' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenForm })
  @ApiBasicAuth('client')
  @ApiResponse({ status: 200, type: AccessToken })
  @ApiResponse({ status: 400, type: OAuthError })
  @ApiResponse({ status: 401, type: OAuthError })
  @ApiResponse({ status: 429, type: OAuthError })
  async issue(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<AccessToken> {
    reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
    const { authorization } = request.headers;
    // Read by whoever tried HTTP Basic (RFC 6749 §5.2); taken back on success.
    if (authorization !== undefined) reply.header('www-authenticate', 'Basic realm="rollcall", charset="UTF-8"');
    const credentials = readTokenRequest(authorization, request.body);
    const client = await this.authenticate(credentials, request);
    reply.removeHeader('www-authenticate');
    return this.answer(request, client);
  }

  /** The client, or a refusal that is counted for the client whose id was sent. */
  private async authenticate(credentials: ClientCredentials, request: FastifyRequest): Promise<AuthenticatedClient> {
    const { dataSource, hasher, logger } = this;
    const target = { type: 'api_client' as const, id: credentials.clientId };
    try {
      const client = await authenticateClient({ dataSource, hasher, logger }, credentials, clientAddress(request));
      if (!client) throw invalidClient();
      await this.signIns.succeeded(client.clientId, originOf(request));
      return client;
    } catch (error) {
      if (error instanceof AppError) {
        if (error.code === 'invalid_client') this.signIns.refused(target, 'wrong_secret', originOf(request));
        if (error.code === 'too_many_attempts') this.signIns.refused(target, error.code, originOf(request));
      }
      throw error;
    }
  }

  private async answer(request: FastifyRequest, client: AuthenticatedClient): Promise<AccessToken> {
    request.tenant = { environmentId: client.environmentId };
    this.recordUse(client);
    const signer = chooseSigner(request.headers);
    const settings = { keys: this.keys, issuer: this.config.publicUrl, now: this.clock(), signer };
    return {
      access_token: await issueAccessToken(client, settings),
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_LIFETIME_SECONDS,
    };
  }
}
