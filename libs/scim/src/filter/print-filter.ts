import type { Filter } from './filter';

/** Prints a filter so that `parseFilter` gives it back (RFC 7644 §3.4.2.2). */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'or':
      return filter.filters.map(printFilter).join(' or ');
    case 'and':
      return filter.filters.map(printTerm).join(' and ');
    case 'not':
      return `not (${printFilter(filter.filter)})`;
    case 'present':
      return `${filter.path} pr`;
    case 'compare':
      return `${filter.path} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case 'valuePath':
      return `${filter.path}[${printFilter(filter.filter)}]`;
  }
}

/** A part of an `and`: an `or` binds less tightly and needs parentheses. */
function printTerm(filter: Filter): string {
  return filter.kind === 'or' ? `(${printFilter(filter)})` : printFilter(filter);
}
