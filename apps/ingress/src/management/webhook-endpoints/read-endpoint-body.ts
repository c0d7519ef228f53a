import { newId, parseId } from '@rollcall/platform';
import type { NewWebhookEndpoint, WebhookEndpointPatch } from '@rollcall/management';
import type { CreateWebhookEndpointBody, UpdateWebhookEndpointBody } from './webhook-endpoint.dto';

/** What an endpoint has unless its owner says otherwise. */
const DEFAULTS = { description: '', ordering: 'resource', enabled: true } as const;

/** The endpoint to make, under a new id. */
export function readNewEndpoint(body: CreateWebhookEndpointBody): NewWebhookEndpoint {
  return {
    id: newId(),
    url: body.url,
    description: body.description ?? DEFAULTS.description,
    eventTypes: [...new Set(body.event_types)],
    organizationIds: bareIds(body.organization_ids ?? []),
    ordering: body.ordering ?? DEFAULTS.ordering,
    rateLimit: body.rate_limit ?? null,
    dialect: body.dialect ?? null,
    deactivation: body.deactivation ?? null,
    enabled: body.enabled ?? DEFAULTS.enabled,
  };
}

/** What to change; null sets a field back to its default. */
export function readEndpointPatch(body: UpdateWebhookEndpointBody): WebhookEndpointPatch {
  return {
    url: body.url,
    description: orDefault(body.description, DEFAULTS.description),
    eventTypes: body.event_types === undefined ? undefined : [...new Set(body.event_types)],
    organizationIds: body.organization_ids === undefined ? undefined : bareIds(body.organization_ids ?? []),
    ordering: orDefault(body.ordering, DEFAULTS.ordering),
    rateLimit: body.rate_limit,
    dialect: body.dialect,
    deactivation: body.deactivation,
    enabled: orDefault(body.enabled, DEFAULTS.enabled),
  };
}

function orDefault<T>(value: T | null | undefined, defaultValue: T): T | undefined {
  return value === null ? defaultValue : value;
}

function bareIds(ids: readonly string[]): string[] {
  return [...new Set(ids.flatMap((id) => parseId('org', id) ?? []))];
}
