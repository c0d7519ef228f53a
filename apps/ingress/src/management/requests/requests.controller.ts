import { Body, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findRequest, findRequestLogSettings, setRequestLog } from '@rollcall/management';
import type { RequestLogSettings, Writer } from '@rollcall/management';
import { RequestWriter } from '../../http/request-writer';
import { LongRead } from '../../http/take-turn.interceptor';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import { Pager } from '../paging/pager';
import { answerRequests } from './answer-requests';
import { renderTrace } from './render-request';
import {
  RequestAnswer,
  RequestList,
  RequestLogSettingsAnswer,
  RequestsQuery,
  UpdateRequestLogSettingsBody,
} from './request.dto';

export const requestIdParam = () => Param('request_id', new IdPipe('req', 'request'));

@ManagementController('Request log')
export class RequestsController {
  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    readonly pager: Pager,
  ) {}

  @Get(`${DIRECTORY_PATH}/requests`)
  @Access('read', 'own')
  @LongRead()
  @ApiOperation({
    operationId: 'listScimRequests',
    summary: 'List what the identity provider asked of a directory, refused requests too, newest first',
    description:
      'Requests with a token of the directory; those without are counted in the audit log (`sign_in.refused`). A request is there a second after its answer.',
  })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 200, type: RequestList })
  list(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: RequestsQuery,
  ): Promise<RequestList> {
    return answerRequests(this, { environmentId, organizationId, directoryId }, query);
  }

  @Get(`${DIRECTORY_PATH}/requests/:request_id`)
  @Access('read', 'own')
  @LongRead()
  @ApiOperation({
    operationId: 'getScimRequest',
    summary: 'Get a request with what it changed: its events, and each of their deliveries',
  })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiParam({ name: 'request_id', type: String })
  @ApiResponse({ status: 200, type: RequestAnswer })
  async get(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @requestIdParam() requestId: string,
  ): Promise<RequestAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    return { request: renderTrace(await findRequest(this.dataSource, scope, requestId)) };
  }

  @Get('request_log_settings')
  @Access('read', 'refused')
  @ApiOperation({ operationId: 'getRequestLogSettings', summary: 'Read what the log of SCIM requests keeps' })
  @ApiResponse({ status: 200, type: RequestLogSettingsAnswer })
  async getSettings(@EnvironmentId() environmentId: string): Promise<RequestLogSettingsAnswer> {
    return renderSettings(await findRequestLogSettings(this.dataSource, environmentId));
  }

  @Patch('request_log_settings')
  @Access('write', 'refused')
  @ApiOperation({
    operationId: 'updateRequestLogSettings',
    summary: 'Set what the log of SCIM requests keeps of those that come from now on',
  })
  @ApiResponse({ status: 200, type: RequestLogSettingsAnswer })
  async updateSettings(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Body() { keep_bodies: keepBodies }: UpdateRequestLogSettingsBody,
  ): Promise<RequestLogSettingsAnswer> {
    return renderSettings(await setRequestLog(writer, environmentId, { keepBodies }));
  }
}

function renderSettings({ keepBodies }: RequestLogSettings): RequestLogSettingsAnswer {
  return { request_log_settings: { keep_bodies: keepBodies } };
}
