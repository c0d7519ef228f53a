import type { EventObject, EventType, GroupData, PlaceIds, UserData } from '@rollcall/contract';
import type { AssignmentRules, DeprovisioningWrites, Membership, Published, TenantIds } from './change';

/** What the normalization of a batch needs besides changes and state. */
export interface BatchContext extends TenantIds {
  roles: AssignmentRules;
  /** The number of the directory's last event, 0 before the first. */
  lastSequence: number;
  /** Of the numbers that are given out; see `EventEnvelope`. */
  epoch: number;
  /** Of the organization and the directory; absent: neither was imported. */
  externalIds?: PlaceIds | undefined;
  /** Returns a new bare event id. */
  newEventId: () => string;
}

/** An event ready to be stored; `body` is what webhooks sign and send and what the Events API answers. */
export interface NormalizedEvent {
  id: string;
  sequence: number;
  type: EventType;
  object: EventObject;
  /** The bare id of the user, group or directory: the key of per-resource order. */
  resourceId: string;
  body: string;
  occurredAt: Date;
  /** The bare id of the SCIM request that it comes from; null = of none. */
  requestId: string | null;
}

/** How far a pass over all users got in this batch. */
export interface RulesProgress {
  changeId: string;
  /** The users of the slice that the new rules were applied to, in order of id. */
  userIds: readonly string[];
}

/** A change that could not be normalized. */
export interface SetAside {
  changeId: string;
  resourceId: string;
  /** What went wrong, for the operator. */
  error: string;
}

/** New published objects and those that are gone. */
export interface PublishedWrites<Data> {
  upserts: ({ id: string } & Published<Data>)[];
  deletes: string[];
}

/** What a batch of changes became, to be written in one transaction. */
export interface NormalizedBatch {
  events: NormalizedEvent[];
  /** The directory's new counter. */
  lastSequence: number;
  users: PublishedWrites<UserData>;
  groups: PublishedWrites<GroupData>;
  /** Disjoint sets. Adding one that exists or removing one that does not is no error. */
  memberships: { adds: Membership[]; removes: Membership[] };
  consumedChangeIds: string[];
  setAside: SetAside[];
  /** The `rules_changed` rows that went on; one that reached its end is in `consumedChangeIds` too. */
  rulesProgress: RulesProgress[];
  /** null when it stays as it is. */
  deprovisioning: DeprovisioningWrites | null;
  /** Whether changes were left that can be normalized at once, in another batch. */
  moreToDo: boolean;
}
