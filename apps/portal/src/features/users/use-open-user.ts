import { useCallback } from 'react';
import { useSearchParams, type To } from 'react-router';
import { useSearchParam } from '../../shared/hooks/use-search-param';

const PARAMETER = 'user';

/** Which user is open, held by the URL: `?user=…`. */
export function useOpenUser(): [string | null, (userId: string | null) => void] {
  return useSearchParam(PARAMETER);
}

/** Where a user of the list on this page is: beside it. */
export function useUserLink(): (userId: string) => To {
  const [parameters] = useSearchParams();
  return useCallback(
    (userId: string) => {
      const next = new URLSearchParams(parameters);
      next.set(PARAMETER, userId);
      return { search: `?${next.toString()}` };
    },
    [parameters],
  );
}
