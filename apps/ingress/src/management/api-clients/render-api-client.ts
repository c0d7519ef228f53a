import type { ApiClient } from '@rollcall/database';
import type { ClientWithSecret } from '@rollcall/management';
import { publicId } from '@rollcall/platform';
import type { ApiClientItem, ApiClientSecretAnswer } from './api-client.dto';

/** An API client as the API shows it. */
export function renderApiClient(client: ApiClient): ApiClientItem {
  return {
    client_id: client.clientId,
    name: client.name,
    scopes: client.scopes,
    organization_id: client.organizationId && publicId('org', client.organizationId),
    create_time: client.createTime.toISOString(),
    last_used_time: client.lastUsedTime?.toISOString() ?? null,
  };
}

/** The same with its new secret. */
export function renderClientWithSecret({ client, secret }: ClientWithSecret): ApiClientSecretAnswer {
  return { api_client: renderApiClient(client), client_secret: secret.clientSecret, api_key: secret.apiKey };
}
