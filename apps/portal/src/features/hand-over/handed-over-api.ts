import type { Directory, HandOver, IssuedDirectorySecret, PortalBranding } from '@rollcall/sdk';
import { HAND_OVER_HEADER } from '@rollcall/contract';
import { queryOptions } from '@tanstack/react-query';
import { pollPauseMs } from '../../shared/api/poll-pause';
import { call } from '../../shared/api/request';
import { describeHandOverEnd } from './describe-hand-over-end';

const POLL_MS = 3_000;
const URL = '/portal/api/hand_over';

/** What the page of a hand-over shows. */
export interface HandedOver {
  hand_over: HandOver;
  organization: { display_name: string };
  directory: Pick<
    Directory,
    | 'directory_endpoint'
    | 'directory_provider'
    | 'health'
    | 'id'
    | 'last_request_time'
    | 'name'
    | 'secrets'
    | 'setup'
    | 'total_users'
  >;
  portal: Pick<
    PortalBranding,
    'accent_color' | 'admin_may_map_roles' | 'display_name' | 'logo_path' | 'support_contact'
  >;
}

/** What a hand-over shows, asked for again and again until it is over. `token` is what the page was opened with. */
export function handedOverQuery(token: string) {
  return queryOptions({
    queryKey: ['handed-over', token],
    queryFn: async ({ signal, client, queryKey }) => {
      const isOpened = client.getQueryData(queryKey) !== undefined;
      const options = { headers: headersOf(token), signal };
      return (isOpened ? call('GET', URL, options) : call('POST', `${URL}/open`, options)) as Promise<HandedOver>;
    },
    retry: false,
    refetchInterval: (query) => describeHandOverEnd(query.state.error) === null && pollPauseMs(POLL_MS, query),
  });
}

/** A bearer token that was shown, and what the page goes on with. */
export type TokenAnswer = IssuedDirectorySecret & { page_token: string };

/** Issues the bearer token, once. The page goes on with `page_token`: the link opens nothing any more. */
export async function showToken(token: string): Promise<TokenAnswer> {
  return (await call('POST', `${URL}/token`, { headers: headersOf(token) })) as TokenAnswer;
}

/** The same page, once it has shown the token. */
export function withToken(page: HandedOver, { secret }: TokenAnswer): HandedOver {
  const handOver = { ...page.hand_over, token_shown_time: secret.create_time, secret_id: secret.id };
  return { ...page, hand_over: handOver, directory: { ...page.directory, secrets: [secret] } };
}

const headersOf = (token: string) => ({ [HAND_OVER_HEADER]: token });
