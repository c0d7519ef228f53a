import type { PortalSession } from '@rollcall/sdk';
import { useOutletContext } from 'react-router';

/** The session of the page; the layout above shows a page only when there is one. */
export function usePortalSession(): PortalSession {
  return useOutletContext<PortalSession>();
}
