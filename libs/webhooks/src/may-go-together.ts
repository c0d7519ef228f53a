import type { Ordering } from '@rollcall/contract';
import { IN_FLIGHT_LIMITS } from './share-in-flight';

/**
 * Whether deliveries of one directory may all be on the way at one time to an endpoint that has no others: no more than it takes, and
 * none of which its ordering has wait for another.
 * @param resourceIds the resource of each delivery
 */
export function mayGoTogether(ordering: Ordering, resourceIds: readonly string[]): boolean {
  if (resourceIds.length > IN_FLIGHT_LIMITS.perEndpoint) return false;
  switch (ordering) {
    case 'none':
      return true;
    case 'resource':
      return new Set(resourceIds).size === resourceIds.length;
    case 'fifo':
      return resourceIds.length === 1;
  }
}
