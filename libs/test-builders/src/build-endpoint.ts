import type { Deactivation, Dialect, Ordering } from '@rollcall/contract';
import type { DataSource } from '@rollcall/database';
import { asOperator, createWebhookEndpoint } from '@rollcall/management';
import type { EndpointKey } from '@rollcall/pipeline-store';
import { createSealer, newId } from '@rollcall/platform';

export interface EndpointOptions {
  url?: string;
  ordering?: Ordering;
  eventTypes?: string[];
  /** Bare ids. */
  organizationIds?: string[];
  /** Requests per second. */
  rateLimit?: number;
  dialect?: Dialect;
  deactivation?: Deactivation;
  /** Seals the signing secret; without it the secret is stored in clear, for suites that open none. */
  secretKey?: Buffer;
}

/** Makes a webhook endpoint, enabled, that gets every event of the environment unless told otherwise. */
export async function buildEndpoint(
  dataSource: DataSource,
  tenant: { environmentId: string },
  options: EndpointOptions = {},
): Promise<EndpointKey> {
  const { key } = await buildSignedEndpoint(dataSource, tenant, options);
  return key;
}

/** The same, for a suite that checks signatures: also returns the signing secret. */
export async function buildSignedEndpoint(
  dataSource: DataSource,
  { environmentId }: { environmentId: string },
  { secretKey, ...settings }: EndpointOptions,
): Promise<{ key: EndpointKey; secret: string }> {
  const endpointId = newId();
  const sealer = secretKey ? createSealer({ secretKey }) : { seal: (secret: string) => secret };
  // Receivers of tests listen on this machine, which an application refuses by the address.
  const tools = { sealer, checkTarget: () => Promise.resolve() };
  const { secret } = await createWebhookEndpoint(asOperator(dataSource), tools, environmentId, {
    id: endpointId,
    url: 'https://app.test',
    description: '',
    eventTypes: [],
    organizationIds: [],
    ordering: 'resource',
    rateLimit: null,
    dialect: null,
    deactivation: null,
    enabled: true,
    ...settings,
  });
  return { key: { environmentId, endpointId }, secret };
}
