import type { DirectoryDetail } from '@rollcall/sdk';
import { queryOptions } from '@tanstack/react-query';
import { answerOf, api } from '../../shared/management-api/management-api';
import { dashboardPolled } from '../../shared/management-api/list-query';

const PATH = '/api/v1/organizations/{organization_id}/directories/{directory_id}';

/** As many roles as can be chosen from. */
const ROLES_MAX = 100;

export type Place = Pick<DirectoryDetail, 'id' | 'organization_id'>;
export type RoleAssignment = DirectoryDetail['role_assignments']['assignments'][number];
export type AttributeMapping = DirectoryDetail['attribute_mappings']['attributes'][number];

const at = ({ id, organization_id }: Place) => ({ organization_id, directory_id: id });

/** The roles of the app, which every directory of the environment gives. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: async ({ signal }) => {
    const { roles } = await answerOf(api.GET('/api/v1/roles', { params: { query: { page_size: ROLES_MAX } }, signal }));
    return roles;
  },
  ...dashboardPolled,
});

type Impact = Awaited<ReturnType<typeof previewRoles>>;
export type { Impact };

/** What these assignments would change, of whom. */
export async function previewRoles(directory: Place, assignments: RoleAssignment[]) {
  const answer = await answerOf(
    api.PUT(`${PATH}/groups/-/roles:assign`, {
      params: { path: at(directory), query: { dry_run: true } },
      body: { assignments },
    }),
  );
  return asImpact(answer);
}

export async function saveRoles(directory: Place, assignments: RoleAssignment[]): Promise<void> {
  await answerOf(api.PUT(`${PATH}/groups/-/roles:assign`, { params: { path: at(directory) }, body: { assignments } }));
}

/** What these mappings would change, of whom. */
export async function previewMappings(directory: Place, attributes: AttributeMapping[]) {
  const answer = await answerOf(
    api.PUT(`${PATH}/attributes`, { params: { path: at(directory), query: { dry_run: true } }, body: { attributes } }),
  );
  return asImpact(answer);
}

export async function saveMappings(directory: Place, attributes: AttributeMapping[]): Promise<void> {
  await answerOf(api.PUT(`${PATH}/attributes`, { params: { path: at(directory) }, body: { attributes } }));
}

/** Of the two answers that a change of rules has, that of a dry run. */
function asImpact<Answer extends object>(answer: Answer): Extract<Answer, { users_affected: number }> {
  if (!('users_affected' in answer)) throw new Error('a dry run was answered as a change');
  return answer as Extract<Answer, { users_affected: number }>;
}

export async function createRole(role: { role_name: string; display_name?: string }): Promise<void> {
  await answerOf(api.POST('/api/v1/roles', { body: role }));
}

export async function deleteRole(roleName: string): Promise<void> {
  await answerOf(api.DELETE('/api/v1/roles/{role_name}', { params: { path: { role_name: roleName } } }));
}

/** Chooses the role of users whom no group or attribute gives one; null: none. */
export async function setDefaultRole(roleName: string | null): Promise<void> {
  const body = { default_member: roleName === null ? null : { role_name: roleName } };
  await answerOf(api.PATCH('/api/v1/roles:set_defaults', { body }));
}
