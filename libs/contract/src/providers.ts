/**
 * The identity providers that a directory can be made for, in the order in which people choose: the code of the API, and
 * the name that administrators know the product by, which a directory has until it is given another.
 */
export const PROVIDERS = [
  { id: 'OKTA', name: 'Okta' },
  { id: 'MICROSOFT_AD', name: 'Microsoft Entra ID' },
  { id: 'ONELOGIN', name: 'OneLogin' },
  { id: 'JUMPCLOUD', name: 'JumpCloud' },
  { id: 'PING_IDENTITY', name: 'Ping Identity' },
  { id: 'RIPPLING', name: 'Rippling' },
  { id: 'CUSTOM', name: 'Custom SCIM' },
] as const;

/** The code of an identity provider. */
export type ProviderId = (typeof PROVIDERS)[number]['id'];

/** The codes of all identity providers. */
export const PROVIDER_IDS: readonly ProviderId[] = PROVIDERS.map(({ id }) => id);

/** The name of an identity provider; the code itself of one that another version of the server knows. */
export function providerName(id: string): string {
  return PROVIDERS.find((provider) => provider.id === id)?.name ?? id;
}
