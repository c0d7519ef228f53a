import type { ErasureCounts } from '@rollcall/contract';

/** What one step of an erasure came to. */
export interface ErasureStep {
  /** `waiting`: something else has to happen first, and a later run goes on. */
  outcome: 'more' | 'waiting' | 'done';
  counts: ErasureCounts;
  /** Where the next step goes on; '' = at the start. */
  position: string;
}
