import { t } from '@lingui/core/macro';
import type { PortalBranding } from '@rollcall/sdk';
import { readSurface } from '../api/surface';

/** What the page knows of the app's owner; it is the same for every text on it. */
let branding: Pick<PortalBranding, 'display_name' | 'support_contact'> = { display_name: null, support_contact: null };

/** Tells for whose app the texts of this page are, from the first session that it read on. */
export function showBranding(next: typeof branding): void {
  branding = next;
}

/**
 * The app in a sentence: ``t`Users stay up to date in ${{ app: theApp() }}` ``. Languages that inflect have it in the form that the README of
 * the catalogues names, and write their sentences round it.
 */
export function theApp(): string {
  return branding.display_name ?? t`the app`;
}

/** Who sells the app, or whoever else is to be asked, in a sentence: ``t`Ask ${{ vendor: theVendor() }} for a new link` ``. As `theApp`. */
export function theVendor(): string {
  const { vendor } = readSurface();
  if (vendor !== undefined) return vendor;
  const { display_name: app } = branding;
  return app === null ? t`the vendor of the app` : t`the vendor of ${app}`;
}

/** Whom a reader may ask; null where the owner has not said it. */
export function supportContact(): string | null {
  return branding.support_contact;
}
