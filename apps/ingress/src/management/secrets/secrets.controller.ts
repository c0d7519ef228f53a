import { Body, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import type { Clock, SecretHasher } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { issueDirectorySecret, listDirectorySecrets, revokeDirectorySecret } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { CLOCK, SECRET_HASHER } from '../../http/context.module';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { renderIssuedSecret, renderSecret } from '../directories/render-directory';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { readRegenerateBody, readSecretBody } from './read-secret-body';
import { CreateSecretBody, IssuedSecretAnswer, RegenerateSecretBody, SecretList } from './secret.dto';

@ManagementController('Directory secrets', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class SecretsController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SECRET_HASHER) private readonly hasher: SecretHasher,
    private readonly pager: Pager,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('secrets')
  @Access('write', 'own')
  @ApiBody({ type: CreateSecretBody, required: false })
  @ApiOperation({ operationId: 'createDirectorySecret', summary: 'Issue a SCIM bearer token beside the others' })
  @ApiResponse({ status: 201, type: IssuedSecretAnswer })
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: CreateSecretBody,
  ): Promise<IssuedSecretAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    const issued = await issueDirectorySecret(writer, this.hasher, scope, readSecretBody(body));
    return renderIssuedSecret(issued, this.clock());
  }

  @Post('secrets::regenerate')
  @Access('write', 'own')
  @ApiBody({ type: RegenerateSecretBody, required: false })
  @ApiOperation({
    operationId: 'regenerateDirectorySecret',
    summary: 'Issue a SCIM bearer token in place of one or of all the others',
  })
  @ApiResponse({ status: 201, type: IssuedSecretAnswer })
  async regenerate(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: RegenerateSecretBody,
  ): Promise<IssuedSecretAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    const issued = await issueDirectorySecret(writer, this.hasher, scope, readRegenerateBody(body));
    return renderIssuedSecret(issued, this.clock());
  }

  @Get('secrets')
  @Access('read', 'own')
  @ApiOperation({ operationId: 'listDirectorySecrets', summary: 'List what is known of the tokens, newest first' })
  @ApiResponse({ status: 200, type: SecretList })
  async list(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: PageQuery,
  ): Promise<SecretList> {
    const scope = ['secrets', environmentId, organizationId, directoryId];
    const { page, info } = await this.pager.list(query, scope, (request) =>
      listDirectorySecrets(this.dataSource, { environmentId, organizationId, directoryId }, request),
    );
    const now = this.clock();
    return { secrets: page.rows.map((secret) => renderSecret(secret, now)), ...info };
  }

  @Delete('secrets/:secret_id')
  @Access('write', 'own')
  @HttpCode(204)
  @ApiOperation({ operationId: 'revokeDirectorySecret', summary: 'Revoke a token; it stops working at once' })
  @ApiParam({ name: 'secret_id', type: String })
  @ApiResponse({ status: 204 })
  async revoke(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Param('secret_id', new IdPipe('sec', 'secret')) secretId: string,
  ): Promise<void> {
    await revokeDirectorySecret(writer, { environmentId, organizationId, directoryId }, secretId);
  }
}
