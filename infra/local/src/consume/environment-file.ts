import {
  DEACTIVATIONS,
  DIALECTS,
  EVENT_TYPES,
  OPERATIONAL_EVENT_TYPES,
  ORDERINGS,
  PROVIDER_IDS,
} from '@rollcall/contract';
import { distinct, flag, list, nullable, object, oneOf, optional, shape, text } from './read-shape';

const readRole = shape({ role_name: text, display_name: optional(text), description: optional(text) });

const readEndpoint = shape({
  url: text,
  description: optional(text),
  /** Absent: as they are, and all of a new endpoint; an empty list: all. */
  event_types: optional(list(oneOf([...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES]))),
  /** External ids, likewise. */
  organizations: optional(list(text)),
  ordering: optional(oneOf(ORDERINGS)),
  /** Absent: as it is, and none of a new endpoint; null: none. */
  dialect: nullable(oneOf(DIALECTS)),
  deactivation: nullable(oneOf(DEACTIVATIONS)),
  enabled: optional(flag),
});

const readMapping = shape({ key: text, map_to: text });

const readDirectory = shape({
  name: text,
  provider: oneOf(PROVIDER_IDS),
  /** Absent: as they are. */
  attribute_mappings: optional(list(readMapping)),
});

const readOrganization = shape({
  external_id: text,
  display_name: text,
  metadata: optional(object),
  directory_sync: optional(flag),
  directories: distinct('name', list(readDirectory)),
});

/** What `rollcall apply` brings about. Throws a StartError that names the place. */
export const readEnvironmentFile = shape({
  roles: distinct('role_name', list(readRole)),
  default_role: optional(text),
  organizations: distinct('external_id', list(readOrganization)),
  webhook_endpoints: distinct('url', list(readEndpoint)),
});

export type EnvironmentFile = ReturnType<typeof readEnvironmentFile>;
export type WantedRole = EnvironmentFile['roles'][number];
export type WantedOrganization = EnvironmentFile['organizations'][number];
export type WantedDirectory = WantedOrganization['directories'][number];
export type WantedEndpoint = EnvironmentFile['webhook_endpoints'][number];
