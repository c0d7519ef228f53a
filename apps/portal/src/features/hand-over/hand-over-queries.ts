import type { CreatedHandOver, HandOver, ListPage } from '@rollcall/sdk';
import { queryOptions } from '@tanstack/react-query';
import { polled } from '../../shared/api/polled';
import { directoryPath } from '../../shared/api/portal-api';
import { request } from '../../shared/api/request';

/** As many as an administrator looks through; older ones are only counted. */
const SHOWN = 20;
const POLL_MS = 5_000;

type HandOverPage = ListPage & { hand_overs: HandOver[] };

/** The newest links that hand a directory over, and what has become of them. */
export function handOversQuery(directoryId: string) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'hand-overs'],
    queryFn: ({ signal }) =>
      request<HandOverPage>('GET', `${directoryPath(directoryId)}/hand_overs`, { query: { page_size: SHOWN }, signal }),
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
