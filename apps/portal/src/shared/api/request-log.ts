import type { PersonFinding, ScimRequest, ScimRequestPage, ScimRequestTrace, UserExplanation } from '@rollcall/sdk';
import { directoryPath } from './portal-api';
import { request } from './request';

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

export function listRequests(
  directoryId: string,
  filter: RequestFilter,
  pageToken: string,
  signal: AbortSignal,
): Promise<ScimRequestPage> {
  return request('GET', `${directoryPath(directoryId)}/requests`, { query: requestQueryOf(filter, pageToken), signal });
}

export async function getRequest(
  directoryId: string,
  requestId: string,
  signal: AbortSignal,
): Promise<ScimRequestTrace> {
  const path = `${directoryPath(directoryId)}/requests/${encodeURIComponent(requestId)}`;
  return (await request<{ request: ScimRequestTrace }>('GET', path, { signal })).request;
}

/** Where everything known of a user comes from. */
export function explainUser(directoryId: string, userId: string, signal: AbortSignal): Promise<UserExplanation> {
  return request('GET', `${directoryPath(directoryId)}/users/${encodeURIComponent(userId)}:explain`, { signal });
}

/** Whether somebody is in the directory, and why not. */
export function findPerson(directoryId: string, name: string, signal: AbortSignal): Promise<PersonFinding> {
  return request('GET', `${directoryPath(directoryId)}/users:find`, { query: { name }, signal });
}
