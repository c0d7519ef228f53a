import type { LoadRequest } from '../load/drive-load';

const COMPARISONS = 100;

/** The dearest search that a filter may be: as many comparisons as are allowed, none of which an index answers, and sorted. */
export function searchDearest(n: number): LoadRequest {
  const terms = Array.from({ length: COMPARISONS }, (_, term) => `emails.value co "z${n}q${term}"`);
  const query = new URLSearchParams({ filter: terms.join(' or '), sortBy: 'title', count: '500' });
  return { method: 'GET', path: `/Users?${query.toString()}` };
}
