import { useLayoutEffect } from 'react';
import type { PortalBranding } from '@rollcall/sdk';
import { showBranding } from './app-name';
import { applyAccent } from './apply-branding';

/** What a page takes from the branding. */
type ShownBranding = Pick<PortalBranding, 'accent_color' | 'display_name' | 'support_contact'>;

/** Shows the page as the app's owner has set it up, in colour and in words; undefined until that is read. */
export function useBranding(portal: ShownBranding | undefined): void {
  // Before the texts that say the name are made.
  if (portal) showBranding(portal);
  const accent = portal?.accent_color;
  useLayoutEffect(() => {
    if (accent !== undefined) applyAccent(accent);
  }, [accent]);
}
