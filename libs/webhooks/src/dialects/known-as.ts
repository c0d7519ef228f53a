import type { Dialect } from '@rollcall/contract';
import type { StoredEvent } from './read-event';

/** Something that may have come from another service; of an erased event that was made before, null. */
interface Known {
  id: string;
  external_ids?: Record<string, string> | null | undefined;
}

/** The id by which a receiver of a service's form knows something: the one that it had there, else ours. */
export function knownAs(service: Dialect, { id, external_ids: ids }: Known): string {
  return ids?.[service] ?? id;
}

/** An event whose organization and directory are named likewise, in its data too. */
export function withKnownPlace(service: Dialect, event: StoredEvent): StoredEvent {
  const organizationId = event.external_ids?.organization?.[service];
  const directoryId = event.external_ids?.directory?.[service];
  const place = {
    ...(organizationId !== undefined && { organization_id: organizationId }),
    ...(directoryId !== undefined && { directory_id: directoryId }),
  };
  const { data } = event;
  const placed = 'group' in data ? { ...data, group: { ...data.group, ...place } } : { ...data, ...place };
  return { ...event, ...place, data: placed } as StoredEvent;
}
