import type { CreatedHandOver, HandOver, ListPage } from '@rollcall/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { polled } from '../../shared/api/polled';
import { directoryPath } from '../../shared/api/portal-api';
import { request } from '../../shared/api/request';

/** On a page of the list: as many as an administrator looks through. */
const PAGE_SIZE = 20;
const POLL_MS = 5_000;

export type HandOverPage = ListPage & { hand_overs: HandOver[] };

/** Everything that is read of a directory's hand-overs. */
export function handOversKey(directoryId: string) {
  return ['directory', directoryId, 'hand-overs'] as const;
}

/** The links that hand a directory over, newest first, and what has become of them; without a token the newest. */
export function handOversQuery(directoryId: string, pageToken: string) {
  return queryOptions({
    queryKey: [...handOversKey(directoryId), pageToken],
    queryFn: ({ signal }) =>
      request<HandOverPage>('GET', `${directoryPath(directoryId)}/hand_overs`, {
        query: { page_size: PAGE_SIZE, page_token: pageToken },
        signal,
      }),
    placeholderData: keepPreviousData,
    ...polled(POLL_MS),
  });
}

/** Makes a link; `expiresIn` in seconds. Its address is shown by this answer alone. */
export async function createHandOver(directoryId: string, expiresIn: number): Promise<CreatedHandOver> {
  const body = { expires_in: expiresIn };
  const made = await request<{ hand_over: CreatedHandOver }>('POST', `${directoryPath(directoryId)}/hand_overs`, {
    body,
  });
  return made.hand_over;
}

export function revokeHandOver(directoryId: string, handOverId: string): Promise<void> {
  return request('DELETE', `${directoryPath(directoryId)}/hand_overs/${encodeURIComponent(handOverId)}`);
}
