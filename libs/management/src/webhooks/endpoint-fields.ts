import { publicId } from '@rollcall/platform';
import type { WebhookEndpoint } from '@rollcall/database';
import { withoutSecrets } from '../audit/audit-target';
import type { Fields } from '../audit/find-changes';

/** What the audit log tells of an endpoint; of its URL without what may be a password. */
export function endpointFields(endpoint: WebhookEndpoint): Fields {
  return {
    url: withoutSecrets(endpoint.url),
    description: endpoint.description,
    event_types: endpoint.eventTypes,
    organization_ids: endpoint.organizationIds.map((id) => publicId('org', id)),
    ordering: endpoint.ordering,
    rate_limit: endpoint.rateLimit,
    dialect: endpoint.dialect,
    deactivation: endpoint.deactivation,
    enabled: endpoint.enabled,
  };
}
