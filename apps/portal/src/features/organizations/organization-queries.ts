import type { Directory, Organization, OrganizationInput, PortalLink } from '@rollcall/sdk';
import { queryOptions } from '@tanstack/react-query';
import { answerOf, api } from '../../shared/management-api/management-api';
import { dashboardPolled, dashboardPolledUnlessLive, listQuery } from '../../shared/management-api/list-query';

const PATH = '/api/v1/organizations/{organization_id}';

/** As many as a page of an organization shows of its directories and links; who has more is told so. */
const SHOWN_MAX = 100;

export const ORGANIZATIONS_KEY = ['organizations'];

export function organizationsQuery({
  query,
  pageToken,
  pageSize,
}: {
  query: string;
  pageToken: string;
  pageSize: number;
}) {
  const parameters = {
    page_size: pageSize,
    ...(pageToken && { page_token: pageToken }),
    ...(query && { search: query }),
  };
  return listQuery([...ORGANIZATIONS_KEY, parameters], (signal) =>
    answerOf(api.GET('/api/v1/organizations', { params: { query: parameters }, signal })),
  );
}

export function organizationQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['organization', organizationId],
    queryFn: async ({ signal }): Promise<Organization> => {
      const { organization } = await answerOf(api.GET(PATH, { ...at(organizationId), signal }));
      return organization;
    },
    ...dashboardPolled,
  });
}

/** Below the key of the portal's own list, so that what changes a directory has both read anew. */
export function directoriesOfQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['directories', organizationId],
    queryFn: async ({ signal }): Promise<{ directories: Directory[]; total_size: number }> =>
      answerOf(
        api.GET(`${PATH}/directories`, {
          params: { path: { organization_id: organizationId }, query: { page_size: SHOWN_MAX } },
          signal,
        }),
      ),
    ...dashboardPolledUnlessLive,
  });
}

export function portalLinksQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['organization', organizationId, 'portal-links'],
    queryFn: async ({ signal }): Promise<{ links: PortalLink[]; total_size: number }> =>
      answerOf(
        api.GET(`${PATH}/portal_links`, {
          params: { path: { organization_id: organizationId }, query: { page_size: SHOWN_MAX } },
          signal,
        }),
      ),
    ...dashboardPolled,
  });
}

export async function createOrganization(input: OrganizationInput): Promise<Organization> {
  const { organization } = await answerOf(
    api.POST('/api/v1/organizations', { body: { ...input, metadata: input.metadata ?? undefined } }),
  );
  return organization;
}

export async function updateOrganization(
  organizationId: string,
  changes: Partial<OrganizationInput>,
): Promise<Organization> {
  const { organization } = await answerOf(api.PATCH(PATH, { ...at(organizationId), body: changes }));
  return organization;
}

export async function deleteOrganization(organizationId: string): Promise<void> {
  await answerOf(api.DELETE(PATH, at(organizationId)));
}

/** Switches Directory Sync on or off. */
export async function setDirectorySync(organizationId: string, enabled: boolean): Promise<void> {
  await answerOf(
    api.PATCH(`${PATH}/settings`, { ...at(organizationId), body: { features: [{ name: 'dir_sync', enabled }] } }),
  );
}

/** Makes a link; with an address it is also mailed there, and opens only with a code that is mailed then. */
export async function createPortalLink(
  organizationId: string,
  { expiresIn, email }: { expiresIn: number; email?: string },
) {
  const { link } = await answerOf(
    api.PUT(`${PATH}/portal_links`, {
      ...at(organizationId),
      body: { expires_in: expiresIn, ...(email && { email }) },
    }),
  );
  return link;
}

export async function revokePortalLink(organizationId: string, linkId: string): Promise<void> {
  await answerOf(
    api.DELETE(`${PATH}/portal_links/{link_id}`, {
      params: { path: { organization_id: organizationId, link_id: linkId } },
    }),
  );
}

/** Revokes every link and ends every session that one of them opened. */
export async function revokePortalLinks(organizationId: string): Promise<void> {
  await answerOf(api.DELETE(`${PATH}/portal_links`, at(organizationId)));
}

function at(organizationId: string) {
  return { params: { path: { organization_id: organizationId } } };
}

/** Whether Directory Sync is on. */
export function hasDirectorySync({ settings }: Organization): boolean {
  return settings.features.some(({ name, enabled }) => name === 'dir_sync' && enabled);
}
