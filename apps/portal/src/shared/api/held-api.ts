import type { Deprovisioning, HeldUser, ListPage } from '@rollcall/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { directoryPath, type ListQuery } from './portal-api';
import { polled } from './polled';
import { request } from './request';

export type HeldPage = ListPage & { held_users: HeldUser[] };

/** What is decided about users whose deprovisioning is held. */
export type HoldAction = 'release' | 'discard';

/** How what the deprovision guard holds is read and decided: by an admin's portal, or by whoever else shows it. */
export interface HeldApi {
  list: (directoryId: string, list: ListQuery, signal?: AbortSignal) => Promise<HeldPage>;
  /** About these users; absent: about everyone who is held. */
  decide: (directoryId: string, action: HoldAction, userIds?: readonly string[]) => Promise<Deprovisioning>;
}

export const portalHeld: HeldApi = {
  list: (directoryId, { pageSize, pageToken, parameters }, signal) =>
    request('GET', `${directoryPath(directoryId)}/held_users`, {
      query: { ...parameters, page_size: pageSize, page_token: pageToken },
      signal,
    }),
  decide: async (directoryId, action, userIds) => {
    const body = userIds ? { user_ids: userIds } : {};
    const path = `${directoryPath(directoryId)}:${action}_deprovisioning`;
    return (await request<{ deprovisioning: Deprovisioning }>('POST', path, { body })).deprovisioning;
  },
};

const POLL_MS = 5_000;

export function heldQuery(api: HeldApi, directoryId: string, list: ListQuery) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'held', list],
    queryFn: ({ signal }) => api.list(directoryId, list, signal),
    placeholderData: keepPreviousData,
    ...polled(POLL_MS),
  });
}
