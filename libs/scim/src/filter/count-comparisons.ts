import type { FilterOf } from './filter';

/** How many comparisons a filter makes of one resource or value at most; `pr` is one too. */
export function countComparisons<Path>(filter: FilterOf<Path>): number {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.reduce((sum, part) => sum + countComparisons(part), 0);
    case 'not':
    case 'valuePath':
      return countComparisons(filter.filter);
    case 'present':
    case 'compare':
      return 1;
  }
}
