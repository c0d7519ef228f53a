import type { DirectoryProvider } from '@rollcall/sdk';

export interface ProviderEntry {
  id: DirectoryProvider;
  /** The product's name, as its administrators know it. */
  name: string;
  /** How the provider is called in running text: "Waiting for …". */
  shortName: string;
  /** One line for the person who chooses. */
  summary: string;
}

/** Every provider that can be chosen, in the order shown. */
export const PROVIDERS: readonly ProviderEntry[] = [
  { id: 'OKTA', name: 'Okta', shortName: 'Okta', summary: 'Catalogue app or your own SAML or SWA app' },
  {
    id: 'MICROSOFT_AD',
    name: 'Microsoft Entra ID',
    shortName: 'Entra ID',
    summary: 'Enterprise application, formerly Azure AD',
  },
  { id: 'ONELOGIN', name: 'OneLogin', shortName: 'OneLogin', summary: 'SCIM Provisioner with SAML' },
  {
    id: 'JUMPCLOUD',
    name: 'JumpCloud',
    shortName: 'JumpCloud',
    summary: 'Custom application with identity management',
  },
  { id: 'PING_IDENTITY', name: 'PingIdentity', shortName: 'PingIdentity', summary: 'PingOne or PingFederate' },
  { id: 'RIPPLING', name: 'Rippling', shortName: 'Rippling', summary: 'Custom integration with SCIM' },
  { id: 'CUSTOM', name: 'Custom SCIM', shortName: 'your provider', summary: 'Anything that speaks SCIM 2.0' },
];

const BY_ID = new Map<string, ProviderEntry>(PROVIDERS.map((provider) => [provider.id, provider]));

/** The entry of a provider; one that this page does not know yet is shown as a custom one. */
export function findProvider(id: string): ProviderEntry {
  const entry = BY_ID.get(id) ?? BY_ID.get('CUSTOM');
  if (!entry) throw new Error('the catalogue has no entry for custom providers');
  return entry;
}
