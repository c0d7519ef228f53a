import { Body, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import type { Clock } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { listDirectorySecrets } from '@rollcall/management';
import { CLOCK } from '../../http/context.module';
import { EnvironmentId } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { DirectoryService } from '../directories/directory.service';
import { renderSecret } from '../directories/render-directory';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { CreateSecretBody, IssuedSecretAnswer, RegenerateSecretBody, SecretList } from './secret.dto';

@ManagementController('Directory secrets', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class SecretsController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(DirectoryService) private readonly directories: DirectoryService,
    @Inject(Pager) private readonly pager: Pager,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('secrets')
  @ApiBody({ type: CreateSecretBody, required: false })
  @ApiOperation({ operationId: 'createDirectorySecret', summary: 'Issue a SCIM bearer token beside the others' })
  @ApiResponse({ status: 201, type: IssuedSecretAnswer })
  create(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: CreateSecretBody,
  ): Promise<IssuedSecretAnswer> {
    return this.directories.issueSecret({ environmentId, organizationId, directoryId }, body, 'add');
  }

  @Post('secrets::regenerate')
  @ApiBody({ type: RegenerateSecretBody, required: false })
  @ApiOperation({
    operationId: 'regenerateDirectorySecret',
    summary: 'Issue a SCIM bearer token in place of the others',
  })
  @ApiResponse({ status: 201, type: IssuedSecretAnswer })
  regenerate(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: RegenerateSecretBody,
  ): Promise<IssuedSecretAnswer> {
    return this.directories.issueSecret({ environmentId, organizationId, directoryId }, body, 'regenerate');
  }

  @Get('secrets')
  @ApiOperation({ operationId: 'listDirectorySecrets', summary: 'List what is known of the tokens, newest first' })
  @ApiResponse({ status: 200, type: SecretList })
  async list(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: PageQuery,
  ): Promise<SecretList> {
    const scope = ['secrets', environmentId, organizationId, directoryId];
    const page = await listDirectorySecrets(
      this.dataSource,
      { environmentId, organizationId, directoryId },
      this.pager.read(query, ...scope),
    );
    const now = this.clock();
    return { secrets: page.rows.map((secret) => renderSecret(secret, now)), ...this.pager.info(page, ...scope) };
  }

  @Delete('secrets/:secret_id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'revokeDirectorySecret', summary: 'Revoke a token; it stops working at once' })
  @ApiParam({ name: 'secret_id', type: String })
  @ApiResponse({ status: 204 })
  async revoke(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Param('secret_id', new IdPipe('sec', 'secret')) secretId: string,
  ): Promise<void> {
    await this.directories.revokeSecret({ environmentId, organizationId, directoryId }, secretId);
  }
}
