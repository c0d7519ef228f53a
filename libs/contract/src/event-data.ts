import type { DirectoryData } from './directory-data';
import type { EventObject, EventType, OperationalEventObject, OperationalEventType } from './event-types';
import type { GroupData, GroupMembersChangedData } from './group-data';
import type {
  DeliveryExhaustedData,
  DeliveryRecoveredData,
  DeprovisioningHeldData,
  EndpointDisabledData,
  EndpointFailingData,
  ReplayData,
  SecretExpiringData,
} from './operational-data';
import type { UserData } from './user-data';

/** `data` of each type. */
export interface EventDataByType {
  'organization.directory_created': DirectoryData;
  'organization.directory_enabled': DirectoryData;
  'organization.directory_disabled': DirectoryData;
  'organization.directory_deleted': DirectoryData;
  'organization.directory.user_created': UserData;
  'organization.directory.user_updated': UserData;
  'organization.directory.user_deleted': UserData;
  'organization.directory.group_created': GroupData;
  'organization.directory.group_updated': GroupData;
  'organization.directory.group_deleted': GroupData;
  'organization.directory.group_members_changed': GroupMembersChangedData;
  'endpoint.failing': EndpointFailingData;
  'endpoint.disabled': EndpointDisabledData;
  'delivery.exhausted': DeliveryExhaustedData;
  'delivery.recovered': DeliveryRecoveredData;
  'secret.expiring': SecretExpiringData;
  'replay.finished': ReplayData;
  'directory.deprovisioning_held': DeprovisioningHeldData;
}

/** `data` of any event: the compiler refuses it while `EventDataByType` lacks a type of the catalogues. */
export type EventData = EventDataByType[EventType | OperationalEventType];

/** Old values of the top-level keys that changed; `custom_attributes` by key; null for what was absent. */
export type PreviousAttributes = Record<string, unknown>;

/** The ids of an organization and a directory at services that they were imported from; absent where there is none. */
export interface PlaceIds {
  organization?: Record<string, string>;
  directory?: Record<string, string>;
}

/**
 * The envelope of every event, by webhook and by pull alike. Where the body would be larger than `EVENT_SIZE_LIMIT`,
 * `raw_attributes` in `data` (or in its `group`) is null and `raw_attributes_omitted: true` stands beside it.
 */
export interface EventEnvelope<Data extends object = object> {
  spec_version: '1';
  id: string;
  type: EventType | OperationalEventType;
  object: EventObject | OperationalEventObject;
  environment_id: string;
  organization_id: string | null;
  directory_id: string | null;
  /** The place in the directory's stream, from 1 without gap; null on operational and test events. */
  sequence: number | null;
  /** Rises when a database was restored: numbers of different epochs do not continue each other. Absent: 1, or no sequence. */
  epoch?: number;
  occurred_at: string;
  /** Only where either came from another service; see `PlaceIds`. */
  external_ids?: PlaceIds;
  /** Only on an example that the owner of a webhook endpoint asked for. */
  test?: true;
  /** A person whom the event names was erased since: of them it has the ids alone, everything else is null or empty. */
  erased?: true;
  data: Data;
  /** Only on `user_updated` and `group_updated`. */
  previous_attributes?: PreviousAttributes;
}
