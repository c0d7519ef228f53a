import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

export interface Filters<Name extends string> {
  /** '' where nothing is asked for. */
  values: Readonly<Record<Name, string>>;
  isFiltered: boolean;
  /** Sets one; '' takes it away. The list then begins anew. */
  set: (name: Name, value: string) => void;
  clear: () => void;
}

/** Which page of a list is shown: it belongs to the filters that it was asked for with. */
const PLACE = ['page', 'page_token'];

/** The filters of a list, held by the URL under their names. */
export function useFilters<Name extends string>(names: readonly Name[]): Filters<Name> {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback(
    (edit: (next: URLSearchParams) => void) =>
      setParameters((current) => {
        const next = new URLSearchParams(current);
        for (const name of PLACE) next.delete(name);
        edit(next);
        return next;
      }),
    [setParameters],
  );
  const values = Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? ''])) as Record<Name, string>;
  return {
    values,
    isFiltered: names.some((name) => values[name] !== ''),
    set: (name, value) => change((next) => (value === '' ? next.delete(name) : next.set(name, value))),
    clear: () => change((next) => names.forEach((name) => next.delete(name))),
  };
}
