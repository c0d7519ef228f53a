import { buildOktaUser } from '@rollcall/testing';
import type { ReadyDirectory } from '../../support/create-directory';

/** A request and its answer; status 0 = the connection ended without one, or in the middle of it. */
export interface Answered {
  readonly request: string;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly began: number;
  readonly ms: number;
  /** The id of the user that was made. */
  readonly createdId?: string;
}

export interface Asking {
  readonly answers: readonly Answered[];
  /** Sends nothing more and resolves when everything is answered. */
  end(): Promise<void>;
}

const SEARCH = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter: 'title co "x"' };
const EVERY_MS = 500;
/** People of other suites have lower numbers. */
const FIRST_NUMBER = 500_000;

/** Sends a request of each kind again and again, whether those before are answered or not, until it is ended. */
export function keepAsking(
  { baseUrl }: { baseUrl: string },
  { scimUrl, token, organizationId, directoryId }: ReadyDirectory,
  accessToken: string,
): Asking {
  const scim = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const api = { authorization: `Bearer ${accessToken}` };
  const path = `${baseUrl}/api/v1/organizations/${organizationId}/directories/${directoryId}`;
  let number = FIRST_NUMBER;
  const kinds: Record<string, () => Promise<Response>> = {
    'POST /Users': () =>
      fetch(`${scimUrl}/Users`, { method: 'POST', headers: scim, body: JSON.stringify(buildOktaUser(number++)) }),
    'GET /Users?filter': () => fetch(`${scimUrl}/Users?filter=userName%20eq%20%22nobody%22`, { headers: scim }),
    'GET /Users': () => fetch(`${scimUrl}/Users?count=2`, { headers: scim }),
    'POST /.search': () => fetch(`${scimUrl}/.search`, { method: 'POST', headers: scim, body: JSON.stringify(SEARCH) }),
    'GET directory': () => fetch(path, { headers: api }),
    'GET /events': () => fetch(`${baseUrl}/api/v1/events?page_size=10`, { headers: api }),
    'GET snapshot': () => fetch(`${path}/snapshot`, { headers: api }),
    'GET /readyz': () => fetch(`${baseUrl}/readyz`),
  };
  const answers: Answered[] = [];
  const pending = new Set<Promise<void>>();
  const timer = setInterval(() => {
    for (const [request, send] of Object.entries(kinds)) {
      const asked = ask(request, send).finally(() => pending.delete(asked));
      pending.add(asked);
    }
  }, EVERY_MS);
  return {
    answers,
    end: async () => {
      clearInterval(timer);
      await Promise.all(pending);
    },
  };

  async function ask(request: string, send: () => Promise<Response>): Promise<void> {
    const began = performance.now();
    const answer = await readAnswer(send);
    answers.push({ request, began, ms: performance.now() - began, ...answer });
  }
}

async function readAnswer(send: () => Promise<Response>) {
  try {
    const response = await send();
    const text = await response.text();
    const retryAfter = response.headers.get('retry-after');
    const isNew = response.status === 201;
    return {
      status: response.status,
      retryAfter,
      ...(isNew && { createdId: (JSON.parse(text) as { id: string }).id }),
    };
  } catch {
    return { status: 0, retryAfter: null };
  }
}
