import { Body, Inject, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import type { RulesChange } from '@rollcall/directory';
import { parseId } from '@rollcall/platform';
import type { WakeUps } from '@rollcall/queue';
import { changeDirectoryRules, previewRulesChange } from '@rollcall/management';
import type { DirectoryScope } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { HINT_QUEUE } from '../../http/context.module';
import { EnvironmentId } from '../access-token.guard';
import type { RulesJobItem } from '../directories/directory.dto';
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
import type { DryRunAnswer } from './rules.dto';

@ManagementController('Roles and attributes', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class RulesController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(HINT_QUEUE) private readonly wakeUps: WakeUps,
  ) {}

  @Put('groups/-/roles::assign')
  @ApiOperation({ operationId: 'assignRoles', summary: 'Give roles to the users of groups' })
  @answerOrDryRun(RoleAssignmentsAnswer)
  async assign(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() { dry_run: dryRun }: DryRunQuery,
    @Body() { assignments }: AssignRolesBody,
  ): Promise<RoleAssignmentsAnswer | DryRunAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    const change = {
      assignments: assignments.map(({ group_id, role_name }) => ({
        group_id: parseId('dirgroup', group_id) ?? '',
        role_name,
      })),
    };
    if (dryRun) return this.preview(scope, change);
    const job = await this.change(scope, change);
    return { assignments: assignments.map(({ group_id, role_name }) => ({ group_id, role_name })), rules_job: job };
  }

  @Put('attributes')
  @ApiOperation({ operationId: 'mapAttributes', summary: 'Name SCIM attributes in custom_attributes' })
  @answerOrDryRun(AttributeMappingsAnswer)
  async map(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() { dry_run: dryRun }: DryRunQuery,
    @Body() { attributes }: MapAttributesBody,
  ): Promise<AttributeMappingsAnswer | DryRunAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    const attributeMappings = attributes.map(renderAttributeMapping);
    if (dryRun) return this.preview(scope, { attributeMappings });
    return { attributes: attributeMappings, rules_job: await this.change(scope, { attributeMappings }) };
  }

  private async preview(scope: DirectoryScope, change: RulesChange): Promise<DryRunAnswer> {
    return renderImpact(await previewRulesChange(this.dataSource, scope, change));
  }

  private async change(scope: DirectoryScope, change: RulesChange): Promise<RulesJobItem | null> {
    const { job, started } = await changeDirectoryRules(this.dataSource, scope, change);
    if (started) this.wakeUps.drainDirectory(scope.directoryId);
    return job && renderRulesJob(job);
  }
}
