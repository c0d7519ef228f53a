import { Body, Delete, Get, HttpCode, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import {
  createRole,
  deleteRole,
  findRole,
  listRoles,
  previewDefaultRole,
  setDefaultRole,
  updateRole,
} from '@rollcall/management';
import type { RoleView, Writer } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { answerAndWake } from '../../http/wake-workers.interceptor';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { answerOrDryRun } from '../rules/answer-or-dry-run';
import { renderImpact } from '../rules/render-impact';
import { DryRunQuery } from '../rules/rules.dto';
import { roleNameParam } from './role-name';
import { CreateRoleBody, DefaultsAnswer, RoleAnswer, RoleList, SetDefaultsBody, UpdateRoleBody } from './role.dto';
import type { RoleItem } from './role.dto';

@ManagementController('Roles')
export class RolesController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly pager: Pager,
  ) {}

  @Post('roles')
  @Access('write', 'refused')
  @ApiOperation({ operationId: 'createRole', summary: 'Create a role of your application' })
  @ApiResponse({ status: 201, type: RoleAnswer })
  async create(@RequestWriter() writer: Writer, @EnvironmentId() environmentId: string, @Body() body: CreateRoleBody) {
    const created = await createRole(writer, environmentId, {
      roleName: body.role_name,
      displayName: body.display_name ?? body.role_name,
      description: body.description ?? '',
    });
    return answerAndWake(created, (role): RoleAnswer => ({ role: renderRole({ role, isDefaultMember: false }) }));
  }

  @Get('roles')
  @Access('read', 'shared')
  @ApiOperation({ operationId: 'listRoles', summary: 'List the roles in order of name' })
  @ApiResponse({ status: 200, type: RoleList })
  async list(@EnvironmentId() environmentId: string, @Query() query: PageQuery): Promise<RoleList> {
    const scope = ['roles', environmentId];
    const { page, info } = await this.pager.list(query, scope, (request) =>
      listRoles(this.dataSource, environmentId, request),
    );
    return { roles: page.rows.map(renderRole), ...info };
  }

  @Patch('roles::set_defaults')
  @Access('write', 'refused')
  @ApiOperation({ operationId: 'setDefaultRoles', summary: 'Choose the role of users whom nothing gives one' })
  @answerOrDryRun(DefaultsAnswer)
  async setDefaults(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Query() { dry_run: dryRun }: DryRunQuery,
    @Body() { default_member: chosen }: SetDefaultsBody,
  ) {
    const roleName = chosen === undefined ? undefined : (chosen?.role_name ?? null);
    if (dryRun) return renderImpact(await previewDefaultRole(this.dataSource, environmentId, roleName));
    return answerAndWake(await setDefaultRole(writer, environmentId, roleName), (present): DefaultsAnswer => ({
      default_member: present === null ? null : { role_name: present },
    }));
  }

  @Get('roles/:role_name')
  @Access('read', 'shared')
  @ApiOperation({ operationId: 'getRole', summary: 'Get a role' })
  @ApiParam({ name: 'role_name', type: String })
  @ApiResponse({ status: 200, type: RoleAnswer })
  async get(@EnvironmentId() environmentId: string, @roleNameParam() roleName: string): Promise<RoleAnswer> {
    return { role: renderRole(await findRole(this.dataSource, { environmentId, roleName })) };
  }

  @Patch('roles/:role_name')
  @Access('write', 'refused')
  @ApiOperation({ operationId: 'updateRole', summary: 'Change a role' })
  @ApiParam({ name: 'role_name', type: String })
  @ApiResponse({ status: 200, type: RoleAnswer })
  async update(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @roleNameParam() roleName: string,
    @Body() body: UpdateRoleBody,
  ): Promise<RoleAnswer> {
    return changeRole(writer, { environmentId, roleName }, body);
  }

  @Put('roles/:role_name')
  @Access('write', 'refused')
  @ApiOperation({
    operationId: 'setRole',
    summary: 'Change a role by the method of Scalekit’s API',
    description: 'As PATCH does it: what is left out stays.',
  })
  @ApiParam({ name: 'role_name', type: String })
  @ApiResponse({ status: 200, type: RoleAnswer })
  async set(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @roleNameParam() roleName: string,
    @Body() body: UpdateRoleBody,
  ): Promise<RoleAnswer> {
    return changeRole(writer, { environmentId, roleName }, body);
  }

  @Delete('roles/:role_name')
  @Access('write', 'refused')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteRole', summary: 'Delete a role that nothing gives to anyone' })
  @ApiParam({ name: 'role_name', type: String })
  @ApiResponse({ status: 204 })
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @roleNameParam() roleName: string,
  ) {
    return answerAndWake(await deleteRole(writer, { environmentId, roleName }), () => undefined);
  }
}

async function changeRole(
  writer: Writer,
  scope: { environmentId: string; roleName: string },
  { display_name: displayName, description }: UpdateRoleBody,
): Promise<RoleAnswer> {
  const view = await updateRole(writer, scope, {
    displayName: displayName === null ? scope.roleName : displayName,
    description: description === null ? '' : description,
  });
  return { role: renderRole(view) };
}

function renderRole({ role, isDefaultMember }: RoleView): RoleItem {
  return {
    role_name: role.roleName,
    name: role.roleName,
    display_name: role.displayName,
    description: role.description,
    default_member: isDefaultMember,
    create_time: role.createTime.toISOString(),
    update_time: role.updateTime.toISOString(),
  };
}
