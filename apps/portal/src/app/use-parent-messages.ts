import { useEffect, useRef } from 'react';
import type { PortalSession } from '@rollcall/sdk';
import { isSessionError, PortalError } from '../shared/api/portal-error';
import { allowOrigins, tellParent } from '../shared/embedding/parent-page';

/** Tells the page that shows the portal in a frame when it is there, that it is not, and when its session is over. */
export function useParentMessages(session: PortalSession | undefined, error: Error | null): void {
  const id = session?.organization.id;
  const told = useRef<string>(undefined);
  const origins = session?.portal.allowed_origins;

  useEffect(() => {
    if (origins) allowOrigins(origins);
  }, [origins]);

  useEffect(() => {
    const isOver = isSessionError(error) && id !== undefined;
    const state = isOver ? 'over' : error && id === undefined ? 'failed' : id === undefined ? 'loading' : 'there';
    if (told.current === state) return;
    told.current = state;
    if (state === 'there') tellParent({ type: 'PORTAL_LOAD_SUCCESS', organization_id: id ?? '' });
    if (state === 'over') tellParent({ type: 'PORTAL_SESSION_EXPIRY', organization_id: id ?? null });
    if (state === 'failed' && error) {
      const code = error instanceof PortalError ? error.code : 'internal';
      tellParent({ type: 'PORTAL_LOAD_FAILURE', code, message: error.message });
    }
  }, [id, error]);
}
