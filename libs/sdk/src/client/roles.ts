import { apiPath } from './api-url';
import type { Connection, CreateOptions } from './connection';
import type {
  AttributeMapping,
  DirectoryMapping,
  Role,
  RoleAssignment,
  RoleInput,
  RoleReference,
  RulesImpact,
  RulesJob,
} from '../rule-types';
import { pagedList } from './paged-list';
import type { PagedList, PageSize } from './paged-list';

/** The roles of your application. */
export function roleCalls(connection: Connection) {
  const send = async (request: Parameters<Connection['json']>[0]) =>
    (await connection.json<{ role: Role }>(request)).role;
  return {
    create: (role: RoleInput, options: CreateOptions = {}): Promise<Role> =>
      send({ method: 'POST', path: '/roles', body: role, ...options }),
    list: (query: PageSize = {}): PagedList<Role> =>
      pagedList(connection, { path: '/roles', itemsKey: 'roles', query: { ...query } }),
    /** Merges: an absent key stays, null gives the default back. */
    update: (roleName: string, patch: Partial<Omit<RoleInput, 'role_name'>>): Promise<Role> =>
      send({ method: 'PATCH', path: apiPath`/roles/${roleName}`, body: patch }),
    /** Refused with 409 while something gives it to anyone. */
    delete: (roleName: string): Promise<void> =>
      connection.json({ method: 'DELETE', path: apiPath`/roles/${roleName}` }),
    /** The role of users whom no group or attribute gives one; null: none. */
    setDefault: (roleName: string | null): Promise<{ default_member: RoleReference | null }> =>
      connection.json({ method: 'PATCH', path: '/roles:set_defaults', body: defaultMember(roleName) }),
    /** Whom of all directories that would change; nothing is changed. */
    previewDefault: (roleName: string | null): Promise<RulesImpact> =>
      connection.json({
        method: 'PATCH',
        path: '/roles:set_defaults',
        query: { dry_run: true },
        body: defaultMember(roleName),
      }),
  };
}

function defaultMember(roleName: string | null) {
  return { default_member: roleName === null ? null : { role_name: roleName } };
}

/** What `roleCalls` answers. */
export type RoleCalls = ReturnType<typeof roleCalls>;

/** What decides the roles and `custom_attributes` of a directory's users. Each call takes the place of what was set before. */
export function directoryRuleCalls(connection: Connection) {
  const put = <Answer>(
    [organizationId, directoryId]: readonly [string, string],
    action: string,
    body: object,
    dryRun = false,
  ) =>
    connection.json<Answer>({
      method: 'PUT',
      path: `${apiPath`/organizations/${organizationId}/directories/${directoryId}`}/${action}`,
      query: dryRun ? { dry_run: true } : {},
      body,
    });
  return {
    /** The rules with the names of groups and roles. */
    getMapping: async (organizationId: string, directoryId: string): Promise<DirectoryMapping> =>
      (
        await connection.json<{ mapping: DirectoryMapping }>({
          method: 'GET',
          path: apiPath`/organizations/${organizationId}/directories/${directoryId}/mapping`,
        })
      ).mapping,
    /** Gives roles to the users of groups, in order of precedence. */
    assignRoles: (
      organizationId: string,
      directoryId: string,
      assignments: readonly RoleAssignment[],
    ): Promise<{ assignments: RoleAssignment[]; rules_job: RulesJob | null }> =>
      put([organizationId, directoryId], 'groups/-/roles:assign', { assignments }),
    /** Whom that would change; nothing is changed. */
    previewRoles: (
      organizationId: string,
      directoryId: string,
      assignments: readonly RoleAssignment[],
    ): Promise<RulesImpact> => put([organizationId, directoryId], 'groups/-/roles:assign', { assignments }, true),
    /** Names SCIM attributes in `custom_attributes`. */
    mapAttributes: (
      organizationId: string,
      directoryId: string,
      attributes: readonly AttributeMapping[],
    ): Promise<{ attributes: AttributeMapping[]; rules_job: RulesJob | null }> =>
      put([organizationId, directoryId], 'attributes', { attributes }),
    /** Whom that would change; nothing is changed. */
    previewAttributes: (
      organizationId: string,
      directoryId: string,
      attributes: readonly AttributeMapping[],
    ): Promise<RulesImpact> => put([organizationId, directoryId], 'attributes', { attributes }, true),
  };
}

/** What `directoryRuleCalls` answers. */
export type DirectoryRuleCalls = ReturnType<typeof directoryRuleCalls>;
