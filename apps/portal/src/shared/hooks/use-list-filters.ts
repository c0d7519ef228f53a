import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** By what a list is narrowed and ordered; '' for what it is not. */
export type Filters<Name extends string> = Readonly<Record<Name, string>>;

/**
 * The filters of the list of this page, held by the URL like its position. A change leads to the first page: the token of another one
 * belongs to the list as it was.
 * @param names must be the same array each time
 */
export function useListFilters<Name extends string>(
  names: readonly Name[],
): [Filters<Name>, (change: Partial<Filters<Name>>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const filters = useMemo(
    () => Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? ''])) as Filters<Name>,
    [names, parameters],
  );
  const change = useCallback(
    (changed: Partial<Filters<Name>>) => {
      setParameters((current) => {
        const next = new URLSearchParams(current);
        next.delete('page');
        next.delete('page_token');
        for (const [name, value] of Object.entries<string | undefined>(changed)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      });
    },
    [setParameters],
  );
  return [filters, change];
}
