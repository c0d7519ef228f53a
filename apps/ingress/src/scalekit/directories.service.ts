import { Inject } from '@nestjs/common';
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  DirectoryProvider,
  DirectoryService,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import type {
  AssignRolesRequest,
  CreateDirectoryRequest,
  CreateDirectorySecretRequest,
  DeleteDirectoryRequest,
  GetDirectoryRequest,
  ListDirectoriesRequest,
  ListDirectoryGroupsRequest,
  ListDirectoryGroupsResponseSchema,
  ListDirectoryGroupsSummaryRequest,
  ListDirectoryUsersRequest,
  ListDirectoryUsersResponseSchema,
  RegenerateDirectorySecretRequest,
  ToggleDirectoryRequest,
  UpdateAttributesRequest,
  UpdateDirectoryRequest,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { parseId } from '@rollcall/platform';
import type { Clock, SecretHasher } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  changeDirectoryRules,
  createDirectory,
  deleteDirectory,
  findDirectory,
  issueDirectorySecret,
  listDirectories,
  setDirectoryEnabled,
  updateDirectory,
} from '@rollcall/management';
import type { DirectoryView, Writer } from '@rollcall/management';
import { CLOCK, CONFIG, SECRET_HASHER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { RequestWriter } from '../http/request-writer';
import { LongRead } from '../http/take-turn.interceptor';
import { answerAndWake } from '../http/wake-workers.interceptor';
import { Access } from '../management/access/access';
import { EnvironmentId } from '../management/access-token.guard';
import { CreateDirectoryBody, UpdateDirectoryBody } from '../management/directories/directory.dto';
import { readDirectoryPatch, readNewDirectory } from '../management/directories/read-directory-body';
import { renderDirectory, renderIssuedSecret } from '../management/directories/render-directory';
import { MAX_PAGE_SIZE } from '../management/paging/page-query';
import { Pager } from '../management/paging/pager';
import { answerGroups, answerUsers, summarizeGroups } from '../management/people/answer-people';
import { GroupsQuery, UsersQuery } from '../management/people/people.dto';
import { AssignRolesBody, MapAttributesBody } from '../management/rules/rules.dto';
import { readRegenerateBody, readSecretBody } from '../management/secrets/read-secret-body';
import {
  directoryMessage,
  toAssignments,
  toGroup,
  toMappings,
  toPageInfo,
  toSecret,
  toUser,
} from './directory-messages';
import { Message } from './message';
import { checked, directoryScope, notOffered, pageFields, readOrganizationId, readTime } from './read-input';
import { Call, ScalekitService } from './scalekit-service';

const methods = DirectoryService.method;

/** Directories with their users, groups, tokens and rules. */
@ScalekitService()
export class DirectoriesService {
  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SECRET_HASHER) private readonly hasher: SecretHasher,
    readonly pager: Pager,
  ) {}

  @Call(methods.createDirectory)
  @Access('write', 'own')
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { organizationId: id, directory: given }: CreateDirectoryRequest,
  ) {
    const scope = { environmentId, organizationId: readOrganizationId(id) };
    const type = given?.directoryType ?? DirectoryType.DIRECTORY_TYPE_UNSPECIFIED;
    const provider = given?.directoryProvider ?? DirectoryProvider.DIRECTORY_PROVIDER_UNSPECIFIED;
    const body = await checked(CreateDirectoryBody, {
      directory: {
        directory_type: type === DirectoryType.DIRECTORY_TYPE_UNSPECIFIED ? 'SCIM' : DirectoryType[type],
        directory_provider: readProvider(provider),
      },
    });
    const created = await createDirectory(writer, scope, readNewDirectory(body));
    return answerAndWake(created, (view) => ({ directory: this.render(view) }));
  }

  @Call(methods.getDirectory)
  @Access('read', 'own')
  async get(@EnvironmentId() environmentId: string, @Message() message: GetDirectoryRequest) {
    const view = await findDirectory(this.dataSource, directoryScope(environmentId, message));
    return { directory: this.render(view) };
  }

  /** Scalekit's list has no pages; an organization has few. */
  @Call(methods.listDirectories)
  @Access('read', 'own')
  async list(@EnvironmentId() environmentId: string, @Message() { organizationId: id }: ListDirectoriesRequest) {
    const scope = { environmentId, organizationId: readOrganizationId(id) };
    const { rows } = await listDirectories(this.dataSource, scope, { size: MAX_PAGE_SIZE });
    return { directories: rows.map((view) => this.render(view)) };
  }

  @Call(methods.updateDirectory)
  @Access('write', 'own')
  async update(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() message: UpdateDirectoryRequest,
  ) {
    const scope = directoryScope(environmentId, message);
    const { name = '', directoryProvider: provider = 0, mappings = [], groups = [] } = message.directory ?? {};
    if (mappings.length > 0 || groups.length > 0)
      throw notOffered('Map attributes with UpdateAttributes; which groups come is chosen at the identity provider.');
    const body = await checked(UpdateDirectoryBody, {
      ...(name !== '' && { name }),
      ...(provider !== DirectoryProvider.DIRECTORY_PROVIDER_UNSPECIFIED && {
        directory_provider: readProvider(provider),
      }),
    });
    return { directory: this.render(await updateDirectory(writer, scope, readDirectoryPatch(body))) };
  }

  @Call(methods.deleteDirectory)
  @Access('write', 'own')
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() message: DeleteDirectoryRequest,
  ) {
    const deleted = await deleteDirectory(writer, directoryScope(environmentId, message));
    return answerAndWake(deleted, () => ({}));
  }

  @Call(methods.enableDirectory)
  @Access('write', 'own')
  async enable(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() message: ToggleDirectoryRequest,
  ) {
    const done = await setDirectoryEnabled(writer, directoryScope(environmentId, message), true);
    return answerAndWake(done, () => ({ enabled: true }));
  }

  @Call(methods.disableDirectory)
  @Access('write', 'own')
  async disable(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() message: ToggleDirectoryRequest,
  ) {
    const done = await setDirectoryEnabled(writer, directoryScope(environmentId, message), false);
    return answerAndWake(done, () => ({ enabled: false }));
  }

  @Call(methods.listDirectoryUsers)
  @Access('read', 'own')
  @LongRead()
  async listUsers(
    @EnvironmentId() environmentId: string,
    @Message() message: ListDirectoryUsersRequest,
  ): Promise<MessageInitShape<typeof ListDirectoryUsersResponseSchema>> {
    const scope = directoryScope(environmentId, message);
    const query = await checked(UsersQuery, {
      ...pageFields(message),
      directory_group_id: message.directoryGroupId === '' ? undefined : message.directoryGroupId,
      updated_after: readTime(message.updatedAfter),
      include_detail: message.includeDetail,
    });
    const { users, ...info } = await answerUsers(this, scope, query);
    return { users: users.map(toUser), ...toPageInfo(info) };
  }

  @Call(methods.listDirectoryGroups)
  @Access('read', 'own')
  @LongRead()
  async listGroups(
    @EnvironmentId() environmentId: string,
    @Message() message: ListDirectoryGroupsRequest,
  ): Promise<MessageInitShape<typeof ListDirectoryGroupsResponseSchema>> {
    const scope = directoryScope(environmentId, message);
    const query = await checked(GroupsQuery, {
      ...pageFields(message),
      updated_after: readTime(message.updatedAfter),
      include_detail: message.includeDetail,
    });
    const { groups, ...info } = await answerGroups(this, scope, query);
    return { groups: groups.map(toGroup), ...toPageInfo(info) };
  }

  /** The first groups without their details: what a form offers to choose from. */
  @Call(methods.listDirectoryGroupsSummary)
  @Access('read', 'own')
  @LongRead()
  async summarizeGroups(
    @EnvironmentId() environmentId: string,
    @Message() message: ListDirectoryGroupsSummaryRequest,
  ): Promise<MessageInitShape<typeof ListDirectoryGroupsResponseSchema>> {
    const { groups, ...info } = await summarizeGroups(this, directoryScope(environmentId, message), {});
    return { groups: groups.map(toGroup), ...toPageInfo(info) };
  }

  @Call(methods.createDirectorySecret)
  @Access('write', 'own')
  async createSecret(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() message: CreateDirectorySecretRequest,
  ) {
    const scope = directoryScope(environmentId, message);
    return this.renderSecret(await issueDirectorySecret(writer, this.hasher, scope, readSecretBody({})));
  }

  @Call(methods.regenerateDirectorySecret)
  @Access('write', 'own')
  async regenerateSecret(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() message: RegenerateDirectorySecretRequest,
  ) {
    const scope = directoryScope(environmentId, message);
    return this.renderSecret(await issueDirectorySecret(writer, this.hasher, scope, readRegenerateBody({})));
  }

  @Call(methods.assignRoles)
  @Access('write', 'own')
  async assignRoles(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() message: AssignRolesRequest,
  ) {
    const given = (message.roleAssignments?.assignments ?? []).map(({ groupId, roleName, roleId }) => ({
      group_id: groupId,
      // A role's id is its name here.
      role_name: roleName === '' ? roleId : roleName,
    }));
    const { assignments } = await checked(AssignRolesBody, { assignments: given });
    const change = {
      assignments: assignments.map(({ group_id, role_name }) => ({
        group_id: parseId('dirgroup', group_id) ?? '',
        role_name,
      })),
    };
    const changed = await changeDirectoryRules(writer, directoryScope(environmentId, message), change);
    return answerAndWake(changed, () => ({ roleAssignments: toAssignments(assignments) }));
  }

  @Call(methods.updateAttributes)
  @Access('write', 'own')
  async updateAttributes(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() message: UpdateAttributesRequest,
  ) {
    const given = (message.attributeMapping?.attributes ?? []).map(({ key, mapTo }) => ({ key, map_to: mapTo }));
    const { attributes } = await checked(MapAttributesBody, { attributes: given });
    const attributeMappings = attributes.map(({ key, map_to }) => ({ key, map_to }));
    const changed = await changeDirectoryRules(writer, directoryScope(environmentId, message), { attributeMappings });
    return answerAndWake(changed, () => ({ attributeMappings: toMappings(attributeMappings) }));
  }

  private render(view: DirectoryView) {
    return directoryMessage(renderDirectory(view, { publicUrl: this.config.publicUrl, now: this.clock() }));
  }

  private renderSecret(issued: Parameters<typeof renderIssuedSecret>[0]) {
    const { plain_secret: plainSecret, secret } = renderIssuedSecret(issued, this.clock());
    return { plainSecret, secret: toSecret(secret) };
  }
}

/** The provider by its name; of a number that is none, the number, which is refused. */
function readProvider(provider: DirectoryProvider): string {
  if (provider === DirectoryProvider.DIRECTORY_PROVIDER_UNSPECIFIED) return 'CUSTOM';
  return DirectoryProvider[provider] ?? String(provider);
}
