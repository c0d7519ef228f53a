import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { readListPosition, writeListPosition, type ListPosition } from '../format/list-position';

/** The position of the list of this page, held by the URL, so that a reload and the back button keep it. */
export function useListPosition(): [ListPosition, (position: ListPosition, options?: { replace: boolean }) => void] {
  const [parameters, setParameters] = useSearchParams();
  const position = useMemo(() => readListPosition(parameters), [parameters]);
  const setPosition = useCallback(
    (next: ListPosition, options?: { replace: boolean }) => {
      setParameters((current) => writeListPosition(current, next), options);
    },
    [setParameters],
  );
  return [position, setPosition];
}
