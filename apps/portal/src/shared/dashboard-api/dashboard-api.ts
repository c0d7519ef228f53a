import type { MemberRole } from '@rollcall/contract';
import { call, type Method, type RequestOptions } from '../api/request';
import { environmentHeader } from '../management-api/environment-address';

export type { MemberRole };

interface SecondFactor {
  totp: boolean;
  passkeys: number;
  recovery_codes_left: number;
}

/** Who is signed in, and where: in the environment of the page's address, or in the first one; null without a role in any. */
export interface DashboardSession {
  member: { id: string; name: string; email: string };
  role: MemberRole | null;
  environment: { id: string; name: string } | null;
  environments: { id: string; name: string; role: MemberRole }[];
  expire_time: string;
  second_factor: SecondFactor;
}

/**
 * Calls the dashboard's own API: sign-in, members, the account. With the session's cookie, for the environment of the page's address.
 * @throws PortalError as `request` of the portal's API does.
 */
export async function callDashboard<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  return (await call(method, `/dashboard/api${path}`, { ...options, headers: environmentHeader() })) as T;
}

/** The session of this browser. @throws PortalError 401 without one */
export function getDashboardSession(signal?: AbortSignal): Promise<DashboardSession> {
  return callDashboard('GET', '/session', { signal });
}

/** The same whatever the page shows, which the member may not see. @throws PortalError 401 without one */
export async function getMemberSession(signal?: AbortSignal): Promise<DashboardSession> {
  return (await call('GET', '/dashboard/api/session', { signal })) as DashboardSession;
}

export function signOut(): Promise<void> {
  return callDashboard('DELETE', '/session');
}
