import type { UseQueryResult } from '@tanstack/react-query';
import { unavailableOf } from '../api/unavailable-of';
import type { TableState } from './table';

/** The state of a table from the query behind it: rows once loaded stay, whatever a later refresh brings. */
export function toTableState<Data extends object, Row>(
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'isPlaceholderData'>,
  rowsOf: (data: Data) => readonly Row[],
): TableState<Row> {
  if (query.data !== undefined) {
    return {
      kind: 'ready',
      rows: rowsOf(query.data),
      isRefreshing: query.isPlaceholderData && query.error === null,
      refreshError: query.error,
      unavailable: unavailableOf(query.data),
    };
  }
  return query.error === null ? { kind: 'loading' } : { kind: 'error', error: query.error };
}
