import type { PersonFinding, ScimRequest, ScimRequestPage, ScimRequestTrace, UserExplanation } from '@rollcall/sdk';
import { request } from './request';
import { readSurface } from './surface';

/** Which requests of a directory are asked for; '' = all. */
export interface RequestFilter {
  outcome: ScimRequest['outcome'] | '';
  method: string;
  status: string;
  /** The userName that a request is about. */
  user: string;
  /** The id of the user or group that it is about. */
  resource: string;
}

/** How a directory's log of requests is read and what is known of its people, and where their pages are. */
export interface RequestLog {
  directoryId: string;
  listRequests: (filter: RequestFilter, pageToken: string, signal: AbortSignal) => Promise<ScimRequestPage>;
  getRequest: (requestId: string, signal: AbortSignal) => Promise<ScimRequestTrace>;
  explainUser: (userId: string, signal: AbortSignal) => Promise<UserExplanation>;
  findPerson: (name: string, signal: AbortSignal) => Promise<PersonFinding>;
  /** Addresses of pages. */
  links: {
    requests: string;
    request: (requestId: string) => string;
    user: (userId: string) => string;
    explanation: (userId: string) => string;
    group: (groupId: string) => string;
  };
}

/** Requests on a page of the log. */
const REQUESTS_PAGE = 50;

/** The parameters of the list's call. */
function requestQueryOf({ outcome, method, status, user, resource }: RequestFilter, pageToken: string) {
  return {
    page_size: REQUESTS_PAGE,
    page_token: pageToken || undefined,
    outcome: outcome || undefined,
    method: method || undefined,
    status: status || undefined,
    user_name: user || undefined,
    resource_id: resource || undefined,
  };
}

/** The log of a directory as this application reads it, the portal or the dashboard: their APIs have the same paths. */
export function readRequestLog(directoryId: string): RequestLog {
  const page = readSurface().addressOf(directoryId);
  const path = `/directories/${encodeURIComponent(directoryId)}`;
  return {
    directoryId,
    listRequests: (filter, pageToken, signal) =>
      request('GET', `${path}/requests`, { query: requestQueryOf(filter, pageToken), signal }),
    getRequest: async (requestId, signal) => {
      const answer = await request<{ request: ScimRequestTrace }>(
        'GET',
        `${path}/requests/${encodeURIComponent(requestId)}`,
        { signal },
      );
      return answer.request;
    },
    explainUser: (userId, signal) => request('GET', `${path}/users/${encodeURIComponent(userId)}:explain`, { signal }),
    findPerson: (name, signal) => request('GET', `${path}/users:find`, { query: { name }, signal }),
    links: {
      requests: `${page}/activity`,
      request: (requestId) => `${page}/activity/${encodeURIComponent(requestId)}`,
      user: (userId) => `${page}/users?user=${encodeURIComponent(userId)}`,
      explanation: (userId) => `${page}/users/${encodeURIComponent(userId)}/explanation`,
      group: (groupId) => `${page}/groups/${encodeURIComponent(groupId)}`,
    },
  };
}
