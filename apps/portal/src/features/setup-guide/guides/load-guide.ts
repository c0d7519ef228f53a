import type { ProviderId } from '@rollcall/contract';
import { findProvider } from '../../../shared/providers/provider-catalogue';
import type { ProviderGuide } from '../guide';

/** Each comes in a file of its own, when it is asked for: a page shows one of them. */
export const GUIDES: Record<ProviderId, () => Promise<ProviderGuide>> = {
  OKTA: async () => (await import('./okta')).OKTA_GUIDE,
  MICROSOFT_AD: async () => (await import('./entra')).ENTRA_GUIDE,
  ONELOGIN: async () => (await import('./onelogin')).ONELOGIN_GUIDE,
  JUMPCLOUD: async () => (await import('./jumpcloud')).JUMPCLOUD_GUIDE,
  PING_IDENTITY: async () => (await import('./ping')).PING_GUIDE,
  RIPPLING: async () => (await import('./rippling')).RIPPLING_GUIDE,
  CUSTOM: async () => (await import('./custom')).CUSTOM_GUIDE,
};

/** The guide of a provider; one that this page does not know yet gets the general one. Rejects when its file cannot be had. */
export function loadGuide(provider: string): Promise<ProviderGuide> {
  return GUIDES[findProvider(provider).id]();
}
