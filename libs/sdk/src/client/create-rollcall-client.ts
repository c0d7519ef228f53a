import { apiClientCalls } from './api-clients';
import type { ApiClientCalls } from './api-clients';
import { auditLogCalls } from './audit-log';
import type { AuditLogCalls } from './audit-log';
import { connect } from './connection';
import type { ConnectionOptions } from './connection';
import { deprovisioningCalls } from './deprovisioning';
import type { DeprovisioningCalls } from './deprovisioning';
import { directoryCalls, directorySecretCalls } from './directories';
import type { DirectoryCalls, DirectorySecretCalls } from './directories';
import { directoryRequestCalls } from './directory-requests';
import type { DirectoryRequestCalls } from './directory-requests';
import { directoryGroupCalls, directoryUserCalls } from './directory-people';
import type { DirectoryGroupCalls, DirectoryUserCalls } from './directory-people';
import { erasureCalls } from './erasures';
import type { ErasureCalls } from './erasures';
import { eventCalls } from './event-feed';
import type { EventCalls } from './event-feed';
import { organizationCalls, portalLinkCalls } from './organizations';
import type { OrganizationCalls, PortalLinkCalls } from './organizations';
import { sleep } from './retry-request';
import type { RetryPolicy } from './retry-request';
import { directoryRuleCalls, roleCalls } from './roles';
import type { DirectoryRuleCalls, RoleCalls } from './roles';
import { webhookEndpointCalls } from './webhook-endpoints';
import type { WebhookEndpointCalls } from './webhook-endpoints';

/** What `createRollcallClient` takes. */
export interface RollcallClientOptions {
  /** The server's `PUBLIC_URL`. */
  baseUrl: string;
  /** With `clientSecret`: access tokens are got with them. */
  clientId?: string;
  clientSecret?: string;
  /** In the place of both: the `sk_…` key of an API client. */
  apiKey?: string;
  /** Default: the global one. */
  fetch?: typeof globalThis.fetch;
  /** How long nothing may arrive before a request is given up. Default 30. */
  timeoutSeconds?: number;
  /** How often a request is sent again that failed on the way, or that the server asked to send later. Default 3; 0 = never. */
  maxRetries?: number;
  /** A server that asks for a longer wait than this gives its error at once. Default 60. */
  maxRetryAfterSeconds?: number;
  /** Milliseconds since 1970, for tests. Default: the machine's clock. */
  now?: RetryPolicy['now'];
  /** Waits, for tests. */
  sleep?: RetryPolicy['sleep'];
}

/** The management API of a Rollcall server. */
export interface RollcallClient {
  apiClients: ApiClientCalls;
  organizations: OrganizationCalls;
  portalLinks: PortalLinkCalls;
  directories: DirectoryCalls;
  directorySecrets: DirectorySecretCalls;
  directoryUsers: DirectoryUserCalls;
  directoryGroups: DirectoryGroupCalls;
  directoryRequests: DirectoryRequestCalls;
  directoryRules: DirectoryRuleCalls;
  deprovisioning: DeprovisioningCalls;
  roles: RoleCalls;
  webhookEndpoints: WebhookEndpointCalls;
  erasures: ErasureCalls;
  events: EventCalls;
  auditLog: AuditLogCalls;
}

/**
 * A client of the management API. It gets its access tokens itself and opens no connection before the first call.
 *
 * Every call throws `RollcallError`. Objects and parameters are those of the API, in snake_case.
 * @throws TypeError when an option is missing or `baseUrl` is no http(s) address
 */
export function createRollcallClient(options: RollcallClientOptions): RollcallClient {
  const connection = connect({
    baseUrl: readBaseUrl(options.baseUrl),
    credentials: readCredentials(options),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeoutMs: (options.timeoutSeconds ?? 30) * 1000,
    retries: {
      maxRetries: options.maxRetries ?? 3,
      maxWaitMs: (options.maxRetryAfterSeconds ?? 60) * 1000,
      now: options.now ?? Date.now,
      sleep: options.sleep ?? sleep,
    },
  });
  return {
    apiClients: apiClientCalls(connection),
    organizations: organizationCalls(connection),
    portalLinks: portalLinkCalls(connection),
    directories: directoryCalls(connection),
    directorySecrets: directorySecretCalls(connection),
    directoryUsers: directoryUserCalls(connection),
    directoryGroups: directoryGroupCalls(connection),
    directoryRequests: directoryRequestCalls(connection),
    directoryRules: directoryRuleCalls(connection),
    deprovisioning: deprovisioningCalls(connection),
    roles: roleCalls(connection),
    webhookEndpoints: webhookEndpointCalls(connection),
    erasures: erasureCalls(connection),
    events: eventCalls(connection),
    auditLog: auditLogCalls(connection),
  };
}

function readBaseUrl(text: string): string {
  const url = URL.canParse(requireText('baseUrl', text)) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new TypeError(
      'baseUrl is no address of a Rollcall server: pass its PUBLIC_URL, such as https://rollcall.example.com',
    );
  }
  return url.href.replace(/\/+$/, '');
}

function readCredentials({ apiKey, clientId, clientSecret }: RollcallClientOptions): ConnectionOptions['credentials'] {
  if (apiKey === undefined) {
    return { clientId: requireText('clientId', clientId), clientSecret: requireText('clientSecret', clientSecret) };
  }
  if (clientId !== undefined || clientSecret !== undefined) {
    throw new TypeError('createRollcallClient takes either apiKey, or clientId and clientSecret');
  }
  return { apiKey: requireText('apiKey', apiKey) };
}

function requireText(name: string, value: string | undefined): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(
    `${name} is missing: createRollcallClient takes baseUrl, clientId and clientSecret, or an apiKey`,
  );
}
