import type { EnvironmentCredentials } from '@rollcall/database';

/** An answer with its parsed body. */
export interface ApiAnswer<Body = never> {
  status: number;
  headers: Headers;
  body: Body;
}

/** Calls of the management API by one client. */
export interface ApiClient {
  accessToken: string;
  call<Body = Record<string, never>>(method: string, path: string, body?: unknown): Promise<ApiAnswer<Body>>;
}

/** Gets an access token and returns a client of /api/v1 for suites named `*.int.test.ts`. */
export async function connectApi(baseUrl: string, credentials: EnvironmentCredentials): Promise<ApiClient> {
  const { client_id, client_secret } = credentials;
  const answer = await fetch(`${baseUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret }),
  });
  const { access_token: accessToken } = (await answer.json()) as { access_token: string };
  return {
    accessToken,
    call: async (method, path, body) => {
      const response = await fetch(`${baseUrl}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${accessToken}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}
