import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '@rollcall/embedded-postgres';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export interface ScimResource {
  readonly id: string;
}

/** Writes to a directory as an identity provider does, over real SCIM. */
export interface ScimWriter {
  /** The resource that has this value, or undefined. */
  find(type: 'Users' | 'Groups', attribute: string, value: string): Promise<ScimResource | undefined>;
  createUser(user: Record<string, unknown>): Promise<ScimResource>;
  replaceUser(id: string, user: Record<string, unknown>): Promise<void>;
  createGroup(group: Record<string, unknown>): Promise<ScimResource>;
  replaceGroup(id: string, group: Record<string, unknown>): Promise<void>;
  patch(type: 'Users' | 'Groups', id: string, operations: readonly object[]): Promise<void>;
  delete(type: 'Users' | 'Groups', id: string): Promise<void>;
}

/** How often a request is sent again that was refused for the time being. */
const TRIES = 5;
/** What `Retry-After` may ask for at most. */
const WAIT_MAX_SECONDS = 60;
/** How long an answer may take: longer than the server gives itself. */
const ANSWER_MS = 30_000;

/**
 * A writer with an endpoint and a bearer token. Requests that are answered 429 or 503 are sent again after `Retry-After`.
 * Its methods throw a StartError with the server's `detail`, or that there was no answer, and an AbortError when the signal aborts.
 */
export function openScim(endpoint: string, token: string, signal: AbortSignal): ScimWriter {
  async function send<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const response = await fetch(`${endpoint}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      }).catch((error: Error & { cause?: { code?: string } }) => {
        signal.throwIfAborted();
        throw new StartError(`${method} ${path} was not answered (${error.cause?.code ?? error.name}).`);
      });
      if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Answer;
      const { detail = 'no detail' } = (await response.json().catch(() => ({}))) as { detail?: string };
      if (![429, 503].includes(response.status) || tries === TRIES) {
        throw new StartError(`${method} ${path} was answered ${response.status}: ${detail}`);
      }
      // It may be a date too (RFC 9110 section 10.2.3), which Rollcall does not send.
      const seconds = Number(response.headers.get('retry-after')) || 1;
      await sleep(Math.min(seconds, WAIT_MAX_SECONDS) * 1_000, undefined, { signal });
    }
  }

  return {
    find: async (type, attribute, value) => {
      const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`);
      const { Resources: [found] = [] } = await send<{ Resources?: ScimResource[] }>(
        'GET',
        `/${type}?filter=${filter}`,
      );
      return found;
    },
    createUser: (user) => send('POST', '/Users', { schemas: [USER], active: true, ...user }),
    replaceUser: (id, user) => send('PUT', `/Users/${id}`, { schemas: [USER], active: true, ...user }),
    createGroup: (group) => send('POST', '/Groups', { schemas: [GROUP], ...group }),
    replaceGroup: (id, group) => send('PUT', `/Groups/${id}`, { schemas: [GROUP], ...group }),
    patch: (type, id, operations) => send('PATCH', `/${type}/${id}`, { schemas: [PATCH], Operations: operations }),
    delete: (type, id) => send('DELETE', `/${type}/${id}`),
  };
}
