import { useDashboardSession } from '../dashboard-api/dashboard-session';

/** Whether the member may change things in it. The server decides; the page only does not offer what it would refuse. */
export function useCanWrite(): boolean {
  return useDashboardSession().role !== 'viewer';
}

/** Whether the member may do in it what only owners may. */
export function useIsOwner(): boolean {
  return useDashboardSession().role === 'owner';
}
