import type { MessageInitShape } from '@bufbuild/protobuf';
import { RolesService as Service } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb';
import type {
  CreateRoleRequest,
  DeleteRoleRequest,
  GetRoleRequest,
  ListDependentRolesRequest,
  RoleSchema,
  UpdateDefaultRole,
  UpdateDefaultRolesRequest,
  UpdateDefaultRolesResponseSchema,
  UpdateRoleRequest,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { createRole, deleteRole, findRole, listRoles, setDefaultRole, updateRole } from '@rollcall/management';
import type { RoleView, Writer } from '@rollcall/management';
import { RequestWriter } from '../http/request-writer';
import { answerAndWake } from '../http/wake-workers.interceptor';
import { Access } from '../management/access/access';
import { EnvironmentId } from '../management/access-token.guard';
import { MAX_PAGE_SIZE } from '../management/paging/page-query';
import { CreateRoleBody, SetDefaultsBody, UpdateRoleBody } from '../management/roles/role.dto';
import { RoleNamePipe } from '../management/roles/role-name';
import { Message } from './message';
import { checked, notOffered } from './read-input';
import { Call, ScalekitService } from './scalekit-service';

const roleNames = new RoleNamePipe();
const methods = Service.method;

/** The roles of an application. Their ids are their names. */
@ScalekitService()
export class RolesService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Call(methods.createRole)
  @Access('write', 'refused')
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { role: given }: CreateRoleRequest,
  ) {
    refusePermissions(given);
    const body = await checked(CreateRoleBody, {
      role_name: given?.name,
      display_name: given?.displayName === '' ? undefined : given?.displayName,
      description: given?.description,
    });
    const created = await createRole(writer, environmentId, {
      roleName: body.role_name,
      displayName: body.display_name ?? body.role_name,
      description: body.description ?? '',
    });
    return answerAndWake(created, (role) => ({ role: toRole({ role, isDefaultMember: false }) }));
  }

  @Call(methods.getRole)
  @Access('read', 'shared')
  async get(@EnvironmentId() environmentId: string, @Message() { roleName }: GetRoleRequest) {
    const scope = { environmentId, roleName: roleNames.transform(roleName) };
    return { role: toRole(await findRole(this.dataSource, scope)) };
  }

  /** Scalekit's list has no pages. */
  @Call(methods.listRoles)
  @Access('read', 'shared')
  async list(@EnvironmentId() environmentId: string) {
    return { roles: (await this.readAll(environmentId)).map(toRole) };
  }

  @Call(methods.updateRole)
  @Access('write', 'refused')
  async update(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { roleName, role: given }: UpdateRoleRequest,
  ) {
    refusePermissions(given);
    const scope = { environmentId, roleName: roleNames.transform(roleName) };
    const body = await checked(UpdateRoleBody, {
      display_name: given?.displayName,
      description: given?.description,
    });
    const patch = { displayName: body.display_name ?? undefined, description: body.description ?? undefined };
    return { role: toRole(await updateRole(writer, scope, patch)) };
  }

  /** A role that somebody has is kept, whatever role would take its place: that is decided where it is assigned. */
  @Call(methods.deleteRole)
  @Access('write', 'refused')
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { roleName }: DeleteRoleRequest,
  ) {
    const scope = { environmentId, roleName: roleNames.transform(roleName) };
    return answerAndWake(await deleteRole(writer, scope), () => ({}));
  }

  @Call(methods.updateDefaultRoles)
  @Access('write', 'refused')
  async setDefaults(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() message: UpdateDefaultRolesRequest,
  ) {
    if (nameOf(message.defaultCreator, message.defaultCreatorRole) !== undefined)
      throw notOffered(
        'Who creates an organization is not known to Rollcall: there is a default role of members alone.',
      );
    const roleName = nameOf(message.defaultMember, message.defaultMemberRole);
    const body = await checked(SetDefaultsBody, {
      default_member: roleName === undefined ? undefined : { role_name: roleName },
    });
    const chosen = await setDefaultRole(writer, environmentId, body.default_member?.role_name);
    const roles = await this.readAll(environmentId);
    return answerAndWake(chosen, (present): MessageInitShape<typeof UpdateDefaultRolesResponseSchema> => {
      const role = roles.find((view) => view.role.roleName === present);
      return role ? { defaultMember: toRole(role) } : {};
    });
  }

  /** No role builds on another. */
  @Call(methods.listDependentRoles)
  @Access('read', 'shared')
  async listDependents(@EnvironmentId() environmentId: string, @Message() { roleName }: ListDependentRolesRequest) {
    await findRole(this.dataSource, { environmentId, roleName: roleNames.transform(roleName) });
    return { roles: [] };
  }

  private async readAll(environmentId: string): Promise<RoleView[]> {
    const all: RoleView[] = [];
    let cursor: Awaited<ReturnType<typeof listRoles>>['next'] | undefined;
    while (cursor !== null) {
      const page = await listRoles(this.dataSource, environmentId, { size: MAX_PAGE_SIZE, ...(cursor && { cursor }) });
      all.push(...page.rows);
      cursor = page.next;
    }
    return all;
  }
}

/** The old way to name a role, and the new one. */
function nameOf(role: UpdateDefaultRole | undefined, roleName: string | undefined): string | undefined {
  return roleName ?? role?.name ?? role?.id;
}

function refusePermissions(role: { extends?: string | undefined; permissions: string[] } | undefined): void {
  if (role && (role.permissions.length > 0 || (role.extends ?? '') !== ''))
    throw notOffered('Rollcall tells your application who has which role; what a role may do is your application’s.');
}

function toRole({ role, isDefaultMember }: RoleView): MessageInitShape<typeof RoleSchema> {
  return {
    id: role.roleName,
    name: role.roleName,
    displayName: role.displayName,
    description: role.description,
    defaultMember: isDefaultMember,
  };
}
