import { Body, Get, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { viewDirectoryRules } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';
import { answerOrDryRun } from './answer-or-dry-run';
import { answerAssignments, answerMappings } from './answer-rules';
import { renderMapping } from './render-mapping';
import {
  AssignRolesBody,
  AttributeMappingsAnswer,
  DryRunQuery,
  MapAttributesBody,
  MappingAnswer,
  RoleAssignmentsAnswer,
} from './rules.dto';

@ManagementController('Roles and attributes', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class RulesController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get('mapping')
  @Access('read', 'own')
  @ApiOperation({ operationId: 'getMapping', summary: 'Get the rules with the names of groups and roles' })
  @ApiResponse({ status: 200, type: MappingAnswer })
  async get(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
  ): Promise<MappingAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    return { mapping: renderMapping(await viewDirectoryRules(this.dataSource, scope)) };
  }

  @Put('groups/-/roles::assign')
  @Access('write', 'own')
  @ApiOperation({ operationId: 'assignRoles', summary: 'Give roles to the users of groups' })
  @answerOrDryRun(RoleAssignmentsAnswer)
  assign(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() { dry_run: dryRun }: DryRunQuery,
    @Body() body: AssignRolesBody,
  ) {
    const scope = { environmentId, organizationId, directoryId };
    return answerAssignments({ dataSource: this.dataSource, writer, dryRun }, scope, body);
  }

  @Put('attributes')
  @Access('write', 'own')
  @ApiOperation({ operationId: 'mapAttributes', summary: 'Name SCIM attributes in custom_attributes' })
  @answerOrDryRun(AttributeMappingsAnswer)
  map(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() { dry_run: dryRun }: DryRunQuery,
    @Body() body: MapAttributesBody,
  ) {
    const scope = { environmentId, organizationId, directoryId };
    return answerMappings({ dataSource: this.dataSource, writer, dryRun }, scope, body);
  }
}
