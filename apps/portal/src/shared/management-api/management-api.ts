import type { ApiPaths } from '@rollcall/sdk';
import createClient from 'openapi-fetch';
import { call, type Method } from '../api/request';
import { environmentHeader } from './environment-address';

/**
 * The management API by the member's session, for the environment of the page's address: `answerOf(api.GET('/api/v1/organizations'))`.
 * A call that fails rejects with a PortalError, as those of the portal's API do, so that queries, banners and notices treat it alike.
 */
export const api = createClient<ApiPaths, 'application/json'>({ fetch: exchange });

/** The body of an answer; undefined where there is none. @throws PortalError */
export async function answerOf<Data>(answer: Promise<{ data?: Data }>): Promise<Data> {
  // A call that did not succeed has thrown: what comes without data is an answer without a body.
  return (await answer).data as Data;
}

async function exchange(request: Request): Promise<Response> {
  const { method, url, signal } = request;
  const text = await request.text();
  const body = text === '' ? undefined : (JSON.parse(text) as unknown);
  const answer = await call(method as Method, url, { body, signal, headers: environmentHeader() });
  return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer);
}
