import { PORTAL_ORGANIZATION_HEADER } from '@rollcall/contract';
import type { ApiClient } from '../../management/testing/api-client';
import type { ErrorBody } from '../../management/testing/start-api';

interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

interface PortalCall {
  cookie?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Which organization the page says it shows; unless told otherwise the one of the cookie. null: it says nothing. */
  organization?: string | null;
}

export interface NewLink {
  id: string;
  location: string;
  expire_time: string;
  /** What stands behind the # of the location. */
  token: string;
}

/** A caller of the portal's API, as the portal's page calls it. */
export interface PortalClient {
  call: <Body = ErrorBody>(method: string, path: string, call?: PortalCall) => Promise<Answer<Body>>;
  newLink: (organizationId: string, body?: object) => Promise<NewLink>;
  /** Opens a new link; of a new organization unless one is given. */
  openSession: (organizationId?: string) => Promise<{ cookie: string; organizationId: string }>;
}

interface Served {
  ingress: { baseUrl: string };
  api: ApiClient;
  newOrganization: () => Promise<string>;
}

/** For suites named `*.int.test.ts`: a caller of the portal's API of `test`. */
export function connectPortal(test: Served): PortalClient {
  const organizations = new Map<string, string>();

  async function call<Body>(method: string, path: string, request: PortalCall = {}): Promise<Answer<Body>> {
    const { cookie, body, headers = {}, organization = organizations.get(cookie ?? '') } = request;
    const answer = await fetch(`${test.ingress.baseUrl}/portal/api${path}`, {
      method,
      headers: {
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
        ...(cookie !== undefined && { cookie }),
        ...(organization != null && { [PORTAL_ORGANIZATION_HEADER]: organization }),
        ...headers,
      },
      body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : undefined };
  }

  async function newLink(organizationId: string, body?: object): Promise<NewLink> {
    const path = `/organizations/${organizationId}/portal_links?features=dir_sync`;
    const { link } = (await test.api.call<{ link: Omit<NewLink, 'token'> }>('PUT', path, body)).body;
    return { ...link, token: link.location.split('#')[1] ?? '' };
  }

  async function openSession(given?: string): Promise<{ cookie: string; organizationId: string }> {
    const organizationId = given ?? (await test.newOrganization());
    const { token } = await newLink(organizationId);
    const { headers } = await call('POST', '/session', { body: { link_token: token } });
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    organizations.set(cookie, organizationId);
    return { cookie, organizationId };
  }

  return { call, newLink, openSession };
}
