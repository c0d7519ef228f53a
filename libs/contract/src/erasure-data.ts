import type { JobState } from './statuses';

/** What an erasure removes or redacts, in the order in which it is told. A person's events are redacted, everything else is removed. */
export const ERASED_KINDS = [
  'directories',
  'events',
  'deliveries',
  'pending_deliveries',
  'delivery_attempts',
  'unresolved_members',
  'scim_requests',
  'directory_secrets',
  'audit_entries',
] as const;
export type ErasedKind = (typeof ERASED_KINDS)[number];

/** How many of each kind; a kind that there was nothing of is absent. */
export type ErasureCounts = Partial<Record<ErasedKind, number>>;

/** An erasure as APIs and commands show it: ids and numbers alone. Null for both ids: the whole organization. */
export interface ErasureData {
  id: string;
  organization_id: string;
  directory_id: string | null;
  user_id: string | null;
  state: JobState;
  counts: ErasureCounts;
  create_time: string;
  finish_time: string | null;
}
