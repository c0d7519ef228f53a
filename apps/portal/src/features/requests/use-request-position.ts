import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { RequestFilter } from '../../shared/api/request-log';
import { readRequestPosition, writeRequestPosition, type RequestPosition } from './request-position';

/** What the log shows, held by the URL, so that it can be shared, reloaded and gone back from. */
export function useRequestPosition(): [
  RequestPosition,
  (next: { filter?: Partial<RequestFilter>; pageToken?: string }) => void,
] {
  const [parameters, setParameters] = useSearchParams();
  const position = useMemo(() => readRequestPosition(parameters), [parameters]);
  const move = useCallback(
    ({ filter = {}, pageToken = '' }: { filter?: Partial<RequestFilter>; pageToken?: string }) => {
      setParameters((current) => {
        const before = readRequestPosition(current);
        return writeRequestPosition(current, { filter: { ...before.filter, ...filter }, pageToken });
      });
    },
    [setParameters],
  );
  return [position, move];
}
