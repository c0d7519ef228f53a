import type { RegistrationResponseJSON, PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { queryOptions } from '@tanstack/react-query';
import { callDashboard } from '../../shared/dashboard-api/dashboard-api';
import { dashboardPolled } from '../../shared/management-api/list-query';

/** A browser in which the member is signed in. */
export interface MemberSession {
  id: string;
  /** Whether it is the one that asks. */
  current: boolean;
  ip_address: string | null;
  user_agent: string | null;
  create_time: string;
  last_seen_time: string;
  expire_time: string;
}

export interface Passkey {
  id: string;
  name: string;
  create_time: string;
  last_used_time: string | null;
}

export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: async ({ signal }) =>
    (await callDashboard<{ sessions: MemberSession[] }>('GET', '/me/sessions', { signal })).sessions,
  ...dashboardPolled,
});

export const passkeysQuery = queryOptions({
  queryKey: ['account', 'passkeys'],
  queryFn: async ({ signal }) =>
    (await callDashboard<{ passkeys: Passkey[] }>('GET', '/me/passkeys', { signal })).passkeys,
});

export function endSession(sessionId: string): Promise<void> {
  return callDashboard('DELETE', `/me/sessions/${sessionId}`);
}

export function endOtherSessions(): Promise<void> {
  return callDashboard('DELETE', '/me/sessions');
}

export function changeName(name: string): Promise<unknown> {
  return callDashboard('PATCH', '/me', { body: { name } });
}

export function changePassword(body: { current_password: string; new_password: string }): Promise<void> {
  return callDashboard('POST', '/me/password', { body });
}

/** Begins the set-up of an authenticator app; it counts once a code of it was given. */
export function beginTotp(): Promise<{ secret: string; otpauth_url: string }> {
  return callDashboard('POST', '/me/totp');
}

export function confirmTotp(code: string): Promise<{ recovery_codes: string[] }> {
  return callDashboard('POST', '/me/totp:confirm', { body: { code } });
}

export function removeTotp(): Promise<void> {
  return callDashboard('DELETE', '/me/totp');
}

/** Ten new codes; those of before do not work any more. */
export function renewRecoveryCodes(): Promise<{ recovery_codes: string[] }> {
  return callDashboard('POST', '/me/recovery_codes');
}

export function beginPasskey(): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return callDashboard('POST', '/me/passkeys:options');
}

/** @returns the recovery codes that come with the first second factor; null when there are some already */
export function addPasskey(body: {
  name: string;
  response: RegistrationResponseJSON;
}): Promise<{ recovery_codes: string[] | null }> {
  return callDashboard('POST', '/me/passkeys', { body });
}

export function removePasskey(passkeyId: string): Promise<void> {
  return callDashboard('DELETE', `/me/passkeys/${passkeyId}`);
}
