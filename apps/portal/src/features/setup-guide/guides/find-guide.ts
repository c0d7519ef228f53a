import type { ProviderId } from '@rollcall/contract';
import { findProvider } from '../../../shared/providers/provider-catalogue';
import type { ProviderGuide } from '../guide';
import { CUSTOM_GUIDE } from './custom';
import { ENTRA_GUIDE } from './entra';
import { JUMPCLOUD_GUIDE } from './jumpcloud';
import { OKTA_GUIDE } from './okta';
import { ONELOGIN_GUIDE } from './onelogin';
import { PING_GUIDE } from './ping';
import { RIPPLING_GUIDE } from './rippling';

export const GUIDES: Record<ProviderId, ProviderGuide> = {
  OKTA: OKTA_GUIDE,
  MICROSOFT_AD: ENTRA_GUIDE,
  ONELOGIN: ONELOGIN_GUIDE,
  JUMPCLOUD: JUMPCLOUD_GUIDE,
  PING_IDENTITY: PING_GUIDE,
  RIPPLING: RIPPLING_GUIDE,
  CUSTOM: CUSTOM_GUIDE,
};

/** The guide of a provider; one that this page does not know yet gets the general one. */
export function findGuide(provider: string): ProviderGuide {
  return GUIDES[findProvider(provider).id];
}
