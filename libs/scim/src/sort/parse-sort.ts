import { readText } from '../messages/read-query';
import type { QueryParameters } from '../messages/read-query';
import { invalidValue } from '../scim-error';

/** An order of resources (RFC 7644 §3.4.2.3). */
export interface Sort {
  /** An attribute path as sent. */
  sortBy: string;
  descending: boolean;
}

/**
 * Reads `sortBy` and `sortOrder`; without `sortBy` there is no order, without `sortOrder` it ascends.
 * @throws ScimError 400 invalidValue for another order than ascending or descending.
 */
export function parseSort(query: QueryParameters): Sort | undefined {
  const sortBy = readText(query, 'sortBy');
  const order = readText(query, 'sortOrder')?.toLowerCase() ?? 'ascending';
  if (order !== 'ascending' && order !== 'descending') {
    throw invalidValue('The parameter sortOrder is not known. Send "ascending" or "descending".');
  }
  return sortBy === undefined ? undefined : { sortBy, descending: order === 'descending' };
}
