import { Body, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { parseId } from '@rollcall/platform';
import { changeDirectoryRules, previewRulesChange } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { answerAndWake } from '../../http/wake-workers.interceptor';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { renderAttributeMapping, renderRulesJob } from '../directories/render-directory';
import { ManagementController } from '../management-controller';
import { answerOrDryRun } from './answer-or-dry-run';
import { renderImpact } from './render-impact';
import {
  AssignRolesBody,
  AttributeMappingsAnswer,
  DryRunQuery,
  MapAttributesBody,
  RoleAssignmentsAnswer,
} from './rules.dto';

@ManagementController('Roles and attributes', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class RulesController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Put('groups/-/roles::assign')
  @Access('write', 'own')
  @ApiOperation({ operationId: 'assignRoles', summary: 'Give roles to the users of groups' })
  @answerOrDryRun(RoleAssignmentsAnswer)
  async assign(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() { dry_run: dryRun }: DryRunQuery,
    @Body() { assignments }: AssignRolesBody,
  ) {
    const scope = { environmentId, organizationId, directoryId };
    const change = {
      assignments: assignments.map(({ group_id, role_name }) => ({
        group_id: parseId('dirgroup', group_id) ?? '',
        role_name,
      })),
    };
    if (dryRun) return renderImpact(await previewRulesChange(this.dataSource, scope, change));
    return answerAndWake(await changeDirectoryRules(writer, scope, change), (job): RoleAssignmentsAnswer => ({
      assignments: assignments.map(({ group_id, role_name }) => ({ group_id, role_name })),
      rules_job: job && renderRulesJob(job),
    }));
  }

  @Put('attributes')
  @Access('write', 'own')
  @ApiOperation({ operationId: 'mapAttributes', summary: 'Name SCIM attributes in custom_attributes' })
  @answerOrDryRun(AttributeMappingsAnswer)
  async map(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() { dry_run: dryRun }: DryRunQuery,
    @Body() { attributes }: MapAttributesBody,
  ) {
    const scope = { environmentId, organizationId, directoryId };
    const attributeMappings = attributes.map(renderAttributeMapping);
    if (dryRun) return renderImpact(await previewRulesChange(this.dataSource, scope, { attributeMappings }));
    return answerAndWake(
      await changeDirectoryRules(writer, scope, { attributeMappings }),
      (job): AttributeMappingsAnswer => ({ attributes: attributeMappings, rules_job: job && renderRulesJob(job) }),
    );
  }
}
