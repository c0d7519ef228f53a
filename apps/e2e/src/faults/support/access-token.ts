import type { FaultSystem } from './start-fault-system';

/** A token of the system's first client for the management API. */
export async function accessToken({ baseUrl, bootstrap }: FaultSystem): Promise<string> {
  const { client_id, client_secret } = bootstrap;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const answer = await fetch(`${baseUrl}/oauth/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}
