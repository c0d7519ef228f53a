import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** One parameter of the URL as state: null when absent; setting null removes it. */
export function useSearchParam(name: string): [string | null, (value: string | null) => void] {
  const [parameters, setParameters] = useSearchParams();
  const setValue = useCallback(
    (value: string | null) => {
      setParameters((current) => {
        const next = new URLSearchParams(current);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      });
    },
    [name, setParameters],
  );
  return [parameters.get(name), setValue];
}
