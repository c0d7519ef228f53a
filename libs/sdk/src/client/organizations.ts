import type { OrganizationFeature } from '../api-types';
import { apiPath } from './api-url';
import type { Connection, CreateOptions } from './connection';
import type { CreatedPortalLink, Organization, OrganizationInput, PortalLink } from '../api-types';
import { pagedList } from './paged-list';
import type { PagedList, PageSize } from './paged-list';

interface OrganizationAnswer {
  organization: Organization;
}

/** Your customers. */
export function organizationCalls(connection: Connection) {
  const send = async (request: Parameters<Connection['json']>[0]) =>
    (await connection.json<OrganizationAnswer>(request)).organization;
  return {
    create: (organization: OrganizationInput, options: CreateOptions = {}): Promise<Organization> =>
      send({ method: 'POST', path: '/organizations', body: organization, ...options }),
    list: (query: PageSize = {}): PagedList<Organization> =>
      pagedList(connection, { path: '/organizations', itemsKey: 'organizations', query: { ...query } }),
    get: (organizationId: string): Promise<Organization> => send({ path: apiPath`/organizations/${organizationId}` }),
    getByExternalId: (externalId: string): Promise<Organization> =>
      send({ path: apiPath`/organizations:external/${externalId}` }),
    /** Merges: an absent key stays, null clears. */
    update: (organizationId: string, patch: Partial<OrganizationInput>): Promise<Organization> =>
      send({ method: 'PATCH', path: apiPath`/organizations/${organizationId}`, body: patch }),
    /** Switches features; `dir_sync` is the gate for Directory Sync, off by default. */
    updateSettings: (
      organizationId: string,
      settings: { features: readonly OrganizationFeature[] },
    ): Promise<Organization> =>
      send({ method: 'PATCH', path: apiPath`/organizations/${organizationId}/settings`, body: settings }),
    delete: (organizationId: string): Promise<void> =>
      connection.json({ method: 'DELETE', path: apiPath`/organizations/${organizationId}` }),
  };
}

/** What `organizationCalls` answers. */
export type OrganizationCalls = ReturnType<typeof organizationCalls>;

/** Links that let a customer's administrator into the admin portal. */
export function portalLinkCalls(connection: Connection) {
  return {
    /**
     * A link that opens once.
     * @param options `expires_in` in seconds: default 60, up to 7 days for a link sent by mail
     */
    async create(
      organizationId: string,
      { features = ['dir_sync'], expires_in }: { features?: readonly string[]; expires_in?: number } = {},
    ): Promise<CreatedPortalLink> {
      const { link } = await connection.json<{ link: CreatedPortalLink }>({
        method: 'PUT',
        path: apiPath`/organizations/${organizationId}/portal_links`,
        query: { features },
        body: { expires_in },
      });
      return link;
    },
    list: (organizationId: string, query: PageSize = {}): PagedList<PortalLink> =>
      pagedList(connection, {
        path: apiPath`/organizations/${organizationId}/portal_links`,
        itemsKey: 'links',
        query: { ...query },
      }),
    delete: (organizationId: string, linkId: string): Promise<void> =>
      connection.json({ method: 'DELETE', path: apiPath`/organizations/${organizationId}/portal_links/${linkId}` }),
    deleteAll: (organizationId: string): Promise<void> =>
      connection.json({ method: 'DELETE', path: apiPath`/organizations/${organizationId}/portal_links` }),
  };
}

/** What `portalLinkCalls` answers. */
export type PortalLinkCalls = ReturnType<typeof portalLinkCalls>;
