import { setTimeout as sleep } from 'node:timers/promises';
/** A caller of the management API: JSON in, JSON out. Throws on every answer that is no success. */
export type ManagementApi = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/**
 * Fetches an access token for the client and answers a caller of the management API with it.
 * @throws Error with the API's message when a call is refused
 */
export async function connectManagementApi(
  baseUrl: string,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): Promise<ManagementApi> {
  const answer = await fetch(`${baseUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
  });
  const { access_token: token } = await read<{ access_token: string }>(answer, 'POST /oauth/token');
  const send = (method: string, path: string, body?: unknown) =>
    fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  return async (method, path, body) => {
    let response = await send(method, path, body);
    // Whoever asks for much at a time is told when to come again.
    for (; response.status === 429; response = await send(method, path, body)) {
      await sleep(Number(response.headers.get('retry-after')) * 1_000);
    }
    return read(response, `${method} ${path}`);
  };
}

async function read<T>(response: Response, call: string): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${call} answered ${response.status}: ${text.slice(0, 300)}`);
  // A deletion has no body.
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
