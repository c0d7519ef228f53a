import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

export interface Filters<Name extends string> {
  /** '' where nothing is asked for. */
  values: Readonly<Record<Name, string>>;
  isFiltered: boolean;
  /** Sets some; '' takes one away. */
  change: (changed: Partial<Record<Name, string>>) => void;
  clear: () => void;
}

/** Which page of a list is shown: it belongs to the filters that it was asked for with. */
const PLACE = ['page', 'page_token'];

/**
 * By what the list of this page is narrowed and ordered, held by the URL under these names. After a change the list begins anew.
 * @param names must be the same array each time
 */
export function useFilters<Name extends string>(names: readonly Name[]): Filters<Name> {
  const [parameters, setParameters] = useSearchParams();
  const values = useMemo(
    () => Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? ''])) as Record<Name, string>,
    [names, parameters],
  );
  const change = useCallback(
    (changed: Partial<Record<Name, string>>) => {
      setParameters((current) => {
        const next = new URLSearchParams(current);
        for (const name of PLACE) next.delete(name);
        for (const [name, value] of Object.entries<string | undefined>(changed)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      });
    },
    [setParameters],
  );
  return {
    values,
    isFiltered: names.some((name) => values[name] !== ''),
    change,
    clear: () => change(Object.fromEntries(names.map((name) => [name, ''])) as Record<Name, string>),
  };
}
