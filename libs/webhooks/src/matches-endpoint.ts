/** Filters of a webhook endpoint; an empty list lets everything through. */
export interface EndpointFilters {
  eventTypes: readonly string[];
  organizationIds: readonly string[];
}

/** What the filters look at. An operational event may belong to no organization. */
export interface FilteredEvent {
  type: string;
  organizationId: string | null;
}

/**
 * Whether an event goes to an endpoint. Operational types go only to endpoints that name them, so that a receiver of
 * everything is not surprised by a new kind.
 */
export function matchesEndpoint(filters: EndpointFilters, event: FilteredEvent): boolean {
  const { eventTypes, organizationIds } = filters;
  const typeMatches = eventTypes.includes(event.type) || (eventTypes.length === 0 && !isOperationalType(event.type));
  const organizationMatches =
    organizationIds.length === 0 || (event.organizationId !== null && organizationIds.includes(event.organizationId));
  return typeMatches && organizationMatches;
}

/** Whether a type tells about the delivery itself (`endpoint.disabled`) and not about a directory. */
export function isOperationalType(type: string): boolean {
  return !type.startsWith('organization.');
}
