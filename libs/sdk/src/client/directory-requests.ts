import type { ScimRequest, ScimRequestPage, ScimRequestQuery, ScimRequestTrace } from '../api-types';
import { apiPath } from './api-url';
import type { Connection } from './connection';

/** What the identity provider asked of a directory, refused requests too, and what came of each. */
export function directoryRequestCalls(connection: Connection) {
  /** One page: the first without a token. It may be empty and have a next one: what is rare is found page by page. */
  function readPage(
    organizationId: string,
    directoryId: string,
    query: ScimRequestQuery & { page_token?: string } = {},
  ): Promise<ScimRequestPage> {
    const path = apiPath`/organizations/${organizationId}/directories/${directoryId}/requests`;
    return connection.json({ path, query: { page_size: 100, ...query } });
  }

  /** Every request, newest first, page after page as the loop gets there. */
  async function* list(
    organizationId: string,
    directoryId: string,
    query: ScimRequestQuery = {},
  ): AsyncGenerator<ScimRequest, void, undefined> {
    let page = await readPage(organizationId, directoryId, query);
    yield* page.requests;
    while (page.next_page_token !== '') {
      page = await readPage(organizationId, directoryId, { ...query, page_token: page.next_page_token });
      yield* page.requests;
    }
  }

  /** One request with its redacted bodies, its events and their deliveries. */
  async function get(organizationId: string, directoryId: string, requestId: string): Promise<ScimRequestTrace> {
    const path = apiPath`/organizations/${organizationId}/directories/${directoryId}/requests/${requestId}`;
    return (await connection.json<{ request: ScimRequestTrace }>({ path })).request;
  }

  return { readPage, list, get };
}

/** What `directoryRequestCalls` answers. */
export type DirectoryRequestCalls = ReturnType<typeof directoryRequestCalls>;
