import { ROLES_MAX } from '@rollcall/contract';
import type { Role } from '@rollcall/sdk';
import { queryOptions } from '@tanstack/react-query';
import { answerOf, api } from '../../shared/management-api/management-api';
import { dashboardPolled } from '../../shared/management-api/list-query';
import { readPages } from './read-pages';

/** Roles that are read at a time. */
const PAGE_SIZE = 100;

/** The roles of the app, which every directory of the environment gives: as many as are listed to choose from. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => readRoles(signal),
  ...dashboardPolled,
});

function readRoles(signal: AbortSignal): Promise<Role[]> {
  return readPages(ROLES_MAX, async (page_token) => {
    const query = { page_size: PAGE_SIZE, page_token };
    const { roles, next_page_token: next } = await answerOf(api.GET('/api/v1/roles', { params: { query }, signal }));
    return { rows: roles, next };
  });
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
