import { useDashboardSession } from './dashboard-session';

/** Whether the member may do in the environment of the page what only owners may. The server decides. */
export function useIsOwner(): boolean {
  return useDashboardSession().role === 'owner';
}
