import type { Deprovisioning, HeldUser, ListPage } from '@rollcall/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { directoryPath, type ListQuery } from './portal-api';
import { polled } from './polled';
import { request } from './request';

export type HeldPage = ListPage & { held_users: HeldUser[] };

/** What is decided about users whose deprovisioning is held. */
export type HoldAction = 'release' | 'discard';

function listHeld(
  directoryId: string,
  { pageSize, pageToken, parameters }: ListQuery,
  signal: AbortSignal,
): Promise<HeldPage> {
  return request('GET', `${directoryPath(directoryId)}/held_users`, {
    query: { ...parameters, page_size: pageSize, page_token: pageToken },
    signal,
  });
}

/** Decides about these users; without them about everyone who is held. */
export async function decideHeld(
  directoryId: string,
  action: HoldAction,
  userIds?: readonly string[],
): Promise<Deprovisioning> {
  const body = userIds ? { user_ids: userIds } : {};
  const path = `${directoryPath(directoryId)}:${action}_deprovisioning`;
  return (await request<{ deprovisioning: Deprovisioning }>('POST', path, { body })).deprovisioning;
}

const POLL_MS = 5_000;

export function heldQuery(directoryId: string, list: ListQuery) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'held', list],
    queryFn: ({ signal }) => listHeld(directoryId, list, signal),
    placeholderData: keepPreviousData,
    ...polled(POLL_MS),
  });
}
