import type { BatchLimits } from '@rollcall/events';
import type { LockedCounter } from './lock-counter';

/** What a batch is loaded under. */
export interface BatchBounds {
  counter: LockedCounter;
  limits: BatchLimits;
}
