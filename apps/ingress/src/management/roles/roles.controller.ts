import { Body, Delete, Get, HttpCode, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import type { WakeUps } from '@rollcall/queue';
import {
  createRole,
  deleteRole,
  findDefaultRole,
  listRoles,
  previewDefaultRole,
  setDefaultRole,
  updateRole,
} from '@rollcall/management';
import type { RoleView } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { HINT_QUEUE } from '../../http/context.module';
import { EnvironmentId } from '../access-token.guard';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { answerOrDryRun } from '../rules/answer-or-dry-run';
import { renderImpact } from '../rules/render-impact';
import { DryRunQuery } from '../rules/rules.dto';
import type { DryRunAnswer } from '../rules/rules.dto';
import { roleNameParam } from './role-name';
import { CreateRoleBody, DefaultsAnswer, RoleAnswer, RoleList, SetDefaultsBody, UpdateRoleBody } from './role.dto';
import type { RoleItem } from './role.dto';

@ManagementController('Roles')
export class RolesController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(Pager) private readonly pager: Pager,
    @Inject(HINT_QUEUE) private readonly wakeUps: WakeUps,
  ) {}

  @Post('roles')
  @ApiOperation({ operationId: 'createRole', summary: 'Create a role of your application' })
  @ApiResponse({ status: 201, type: RoleAnswer })
  async create(@EnvironmentId() environmentId: string, @Body() body: CreateRoleBody): Promise<RoleAnswer> {
    const { role, directoryIds } = await createRole(this.dataSource, environmentId, {
      roleName: body.role_name,
      displayName: body.display_name ?? body.role_name,
      description: body.description ?? '',
    });
    this.wakeDrains(directoryIds);
    return { role: renderRole({ role, isDefaultMember: false }) };
  }

  @Get('roles')
  @ApiOperation({ operationId: 'listRoles', summary: 'List the roles in order of name' })
  @ApiResponse({ status: 200, type: RoleList })
  async list(@EnvironmentId() environmentId: string, @Query() query: PageQuery): Promise<RoleList> {
    const scope = ['roles', environmentId];
    const page = await listRoles(this.dataSource, environmentId, this.pager.read(query, ...scope));
    return { roles: page.rows.map(renderRole), ...this.pager.info(page, ...scope) };
  }

  @Patch('roles::set_defaults')
  @ApiOperation({ operationId: 'setDefaultRoles', summary: 'Choose the role of users whom nothing gives one' })
  @answerOrDryRun(DefaultsAnswer)
  async setDefaults(
    @EnvironmentId() environmentId: string,
    @Query() { dry_run: dryRun }: DryRunQuery,
    @Body() { default_member: chosen }: SetDefaultsBody,
  ): Promise<DefaultsAnswer | DryRunAnswer> {
    if (dryRun) {
      const present = await findDefaultRole(this.dataSource, environmentId);
      const roleName = chosen === undefined ? present : (chosen?.role_name ?? null);
      return renderImpact(await previewDefaultRole(this.dataSource, environmentId, roleName));
    }
    if (chosen !== undefined) {
      this.wakeDrains(await setDefaultRole(this.dataSource, environmentId, chosen?.role_name ?? null));
    }
    const roleName = await findDefaultRole(this.dataSource, environmentId);
    return { default_member: roleName === null ? null : { role_name: roleName } };
  }

  @Patch('roles/:role_name')
  @ApiOperation({ operationId: 'updateRole', summary: 'Change a role' })
  @ApiParam({ name: 'role_name', type: String })
  @ApiResponse({ status: 200, type: RoleAnswer })
  async update(
    @EnvironmentId() environmentId: string,
    @roleNameParam() roleName: string,
    @Body() { display_name: displayName, description }: UpdateRoleBody,
  ): Promise<RoleAnswer> {
    const view = await updateRole(
      this.dataSource,
      { environmentId, roleName },
      {
        displayName: displayName === null ? roleName : displayName,
        description: description === null ? '' : description,
      },
    );
    return { role: renderRole(view) };
  }

  @Delete('roles/:role_name')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteRole', summary: 'Delete a role that nothing gives to anyone' })
  @ApiParam({ name: 'role_name', type: String })
  @ApiResponse({ status: 204 })
  async delete(@EnvironmentId() environmentId: string, @roleNameParam() roleName: string): Promise<void> {
    this.wakeDrains(await deleteRole(this.dataSource, { environmentId, roleName }));
  }

  private wakeDrains(directoryIds: readonly string[]): void {
    for (const directoryId of directoryIds) this.wakeUps.drainDirectory(directoryId);
  }
}

function renderRole({ role, isDefaultMember }: RoleView): RoleItem {
  return {
    role_name: role.roleName,
    display_name: role.displayName,
    description: role.description,
    default_member: isDefaultMember,
    create_time: role.createTime.toISOString(),
    update_time: role.updateTime.toISOString(),
  };
}
