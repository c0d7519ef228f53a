import type { LoadRequest } from '../load/drive-load';

/** A search of so many comparisons, none of which an index answers, and sorted; with 100 it is the largest filter that is read. */
export function searchDearest(n: number, comparisons: number): LoadRequest {
  const terms = Array.from({ length: comparisons }, (_, term) => `emails.value co "z${n}q${term}"`);
  const query = new URLSearchParams({ filter: terms.join(' or '), sortBy: 'title', count: '500' });
  return { method: 'GET', path: `/Users?${query.toString()}` };
}
