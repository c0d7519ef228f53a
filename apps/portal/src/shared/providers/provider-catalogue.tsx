import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { PROVIDERS as CONTRACT_PROVIDERS } from '@rollcall/contract';
import type { ProviderId } from '@rollcall/contract';

/** How this page shows a provider. */
interface ProviderLook {
  /** How the provider is called in running text: "Waiting for …". */
  shortName: string | MessageDescriptor;
  /** One line for the person who chooses. */
  summary: MessageDescriptor;
  /** Background and foreground of its sign, on a light page and on a dark one. */
  colors: { light: readonly [string, string]; dark: readonly [string, string] };
  /** A sign of our own in a square of 24: it tells entries apart and imitates nobody's trademark. */
  glyph: ReactNode;
}

export interface ProviderEntry extends Pick<ProviderLook, 'colors' | 'glyph'> {
  id: ProviderId;
  shortName: string;
  summary: string;
  /** The product's name, as its administrators know it. */
  name: string;
}

const LOOKS: Record<ProviderId, ProviderLook> = {
  OKTA: {
    shortName: 'Okta',
    summary: msg`Catalog app or your own SAML or SWA app`,
    colors: { light: ['#e4ebfd', '#1d45b0'], dark: ['#1b264a', '#9db6ff'] },
    glyph: (
      <>
        <circle cx="12" cy="12" r="3" />
        <path d="M12 3.5v2.5M12 18v2.5M20.5 12H18M6 12H3.5M18 6l-1.7 1.7M7.7 16.3 6 18M18 18l-1.7-1.7M7.7 7.7 6 6" />
      </>
    ),
  },
  MICROSOFT_AD: {
    shortName: 'Entra ID',
    summary: msg`Enterprise application, formerly Azure AD`,
    colors: { light: ['#ddf0fb', '#05577f'], dark: ['#0f2c3c', '#83cdf5'] },
    glyph: <path d="M12 3.5 4 13l8 7.5 8-7.5-8-9.5ZM12 3.5v17M4 13l8-2.5 8 2.5" />,
  },
  ONELOGIN: {
    shortName: 'OneLogin',
    summary: msg`SCIM Provisioner with SAML`,
    colors: { light: ['#ebe9ee', '#3b3547'], dark: ['#2b2832', '#cfc8de'] },
    glyph: (
      <>
        <circle cx="12" cy="12" r="8.5" />
        <path d="M10.3 9.5 12.3 8v8" />
      </>
    ),
  },
  JUMPCLOUD: {
    shortName: 'JumpCloud',
    summary: msg`Custom application with identity management`,
    colors: { light: ['#ddf3ef', '#0a6258'], dark: ['#10302b', '#75d9c9'] },
    glyph: (
      <path d="M7.5 18a4 4 0 0 1-.4-8 5.2 5.2 0 0 1 10-.6A4.3 4.3 0 0 1 16.5 18M12 20v-7M9.3 15.5 12 12.8l2.7 2.7" />
    ),
  },
  PING_IDENTITY: {
    shortName: 'Ping Identity',
    summary: msg`PingOne or PingFederate`,
    colors: { light: ['#fce6e6', '#a11d2b'], dark: ['#3a181b', '#ff9ea4'] },
    glyph: <path d="M7 17.5h.01M7 12a5.5 5.5 0 0 1 5.5 5.5M7 6.5a11 11 0 0 1 11 11" />,
  },
  RIPPLING: {
    shortName: 'Rippling',
    summary: msg`Custom integration with SCIM`,
    colors: { light: ['#f6e5f0', '#7c1d58'], dark: ['#361b2c', '#f2a3d2'] },
    glyph: (
      <path d="M4 8c2.7-2.5 5.3-2.5 8 0s5.3 2.5 8 0M4 13c2.7-2.5 5.3-2.5 8 0s5.3 2.5 8 0M4 18c2.7-2.5 5.3-2.5 8 0s5.3 2.5 8 0" />
    ),
  },
  CUSTOM: {
    shortName: msg`your provider`,
    summary: msg`Anything that speaks SCIM 2.0`,
    colors: { light: ['#e9eeec', '#3f4e49'], dark: ['#222c29', '#bccac5'] },
    glyph: <path d="M8.5 6.5 3.5 12l5 5.5M15.5 6.5l5 5.5-5 5.5M13.5 4.5l-3 15" />,
  },
};

/** Every provider that can be chosen, in the order shown. */
export const PROVIDERS: readonly ProviderEntry[] = CONTRACT_PROVIDERS.map(({ id, name }) => ({
  id,
  colors: LOOKS[id].colors,
  glyph: LOOKS[id].glyph,
  // Read when they are shown: before that the page has no language.
  get name() {
    return id === 'CUSTOM' ? t`Custom SCIM` : name;
  },
  get shortName() {
    const { shortName } = LOOKS[id];
    return typeof shortName === 'string' ? shortName : i18n._(shortName);
  },
  get summary() {
    return i18n._(LOOKS[id].summary);
  },
}));

const BY_ID = new Map<string, ProviderEntry>(PROVIDERS.map((provider) => [provider.id, provider]));

/** The entry of a provider; one that this page does not know yet is shown as a custom one. */
export function findProvider(id: string): ProviderEntry {
  const entry = BY_ID.get(id) ?? BY_ID.get('CUSTOM');
  if (!entry) throw new Error('the catalogue has no entry for custom providers');
  return entry;
}
