import type { JsonObject } from '../json';
import { MAX_BULK_OPERATIONS, MAX_BULK_PAYLOAD } from '../messages/parse-bulk-request';
import { DEFAULT_COUNT, MAX_COUNT } from '../messages/parse-list-query';

export const SERVICE_PROVIDER_CONFIG_URN = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';

/**
 * The ServiceProviderConfig (RFC 7643 §5) with every attribute the RFC requires: a client that misses one, such as
 * authentik, silently turns features off.
 * @param options `baseUrl` of the SCIM endpoints without trailing slash.
 */
export function renderServiceProviderConfig(options: { baseUrl: string; documentationUri?: string }): JsonObject {
  const { baseUrl, documentationUri } = options;
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_URN],
    ...(documentationUri === undefined ? {} : { documentationUri }),
    patch: { supported: true },
    bulk: { supported: true, maxOperations: MAX_BULK_OPERATIONS, maxPayloadSize: MAX_BULK_PAYLOAD },
    filter: { supported: true, maxResults: MAX_COUNT },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    // RFC 9865 §4: cursors do not expire.
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: DEFAULT_COUNT,
      maxPageSize: MAX_COUNT,
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'The directory’s token in the Authorization header, as in "Authorization: Bearer <token>".',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}
