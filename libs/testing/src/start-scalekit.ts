import { serveJson } from './serve-json';
import type { JsonAnswer, JsonServer } from './serve-json';

/** A directory as Scalekit's API shows it; what is not given is filled in. */
export interface ScalekitDirectory {
  readonly id: string;
  /** Who is in it; absent: nobody. */
  readonly people?: { readonly users: readonly object[]; readonly groups: readonly object[] };
  readonly [key: string]: unknown;
}

/** An organization as Scalekit's API shows it, with its directories. */
export interface ScalekitOrganization {
  readonly id: string;
  readonly directories: readonly ScalekitDirectory[];
  readonly [key: string]: unknown;
}

/** What an environment at Scalekit answers over its REST API, as far as an import reads it. */
export interface TestScalekit extends JsonServer {
  readonly organizations: ScalekitOrganization[];
  readonly roles: object[];
  /** How many of the next requests are refused with 429 and `Retry-After`. */
  refuse: number;
  /** How many requests were answered, other than for a token. */
  requests: number;
  /** No access token that was given is taken any more. */
  expireTokens(): void;
}

export const SCALEKIT_CLIENT = { SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET: 'test_secret' };

const PAGE_MAX = 30;

/** Starts one with the client of `SCALEKIT_CLIENT`. Pages have at most 30 items, as there. */
export async function startScalekit(): Promise<TestScalekit> {
  let generation = 0;
  const state = { organizations: [] as ScalekitOrganization[], roles: [] as object[], refuse: 0, requests: 0 };

  function answer(path: string, query: URLSearchParams): JsonAnswer | undefined {
    if (path === '/api/v1/roles') return { body: { roles: state.roles } };
    if (path === '/api/v1/organizations') {
      const all = state.organizations.map((organization) => ({ ...organization, directories: undefined }));
      return { body: page('organizations', all, query) };
    }
    const [, directoryId, kind] =
      /^\/api\/v1\/organizations\/[^/]+\/directories\/([^/]+)\/(users|groups)$/.exec(path) ?? [];
    if (kind === 'users' || kind === 'groups') {
      const directory = state.organizations
        .flatMap(({ directories }) => directories)
        .find((one) => one.id === directoryId);
      return directory && { body: page(kind, directory.people?.[kind] ?? [], query) };
    }
    const id = /^\/api\/v1\/organizations\/([^/]+)\/directories$/.exec(path)?.[1];
    const found = state.organizations.find((organization) => organization.id === id);
    return found && { body: { directories: found.directories.map((one) => ({ ...one, people: undefined })) } };
  }

  function page(items: string, all: readonly object[], query: URLSearchParams): object {
    const size = Math.min(Number(query.get('page_size') ?? 10), PAGE_MAX);
    const start = Number(Buffer.from(query.get('page_token') ?? '', 'base64').toString() || 0);
    const end = start + size;
    return {
      total_size: all.length,
      [items]: all.slice(start, end),
      next_page_token: end < all.length ? Buffer.from(String(end)).toString('base64') : '',
      prev_page_token: '',
    };
  }

  const server = await serveJson((request, url) => {
    if (url.pathname === '/oauth/token') {
      return { body: { access_token: `token-${generation}`, token_type: 'Bearer', expires_in: 3_600 } };
    }
    if (request.headers.authorization !== `Bearer token-${generation}`) {
      return { status: 401, body: { code: 16, message: 'unauthenticated' } };
    }
    if (state.refuse > 0) {
      state.refuse -= 1;
      return { status: 429, body: { code: 8, message: 'slow down' }, headers: { 'retry-after': '0' } };
    }
    state.requests += 1;
    return answer(url.pathname, url.searchParams);
  });
  return Object.assign(state, server, { expireTokens: () => void (generation += 1) });
}
