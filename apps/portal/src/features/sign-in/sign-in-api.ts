import { callDashboard, type DashboardSession, type MemberRole } from '../../shared/dashboard-api/dashboard-api';

type SecondFactorMethod = 'totp' | 'passkey' | 'recovery_code';

/** How one can sign in here. */
export interface SignInWays {
  password: boolean;
  single_sign_on: { name: string; environment_id: string } | null;
}

/** The password was right, and one more thing is asked for. */
export interface SecondFactorStep {
  token: string;
  methods: SecondFactorMethod[];
}

export interface InvitationFacts {
  /** Null: it is for whoever has it. */
  email: string | null;
  role: MemberRole;
  environment: { name: string };
  /** Whether there is an account of that address, which joins with its own password. */
  member_exists: boolean;
}

/** @param environmentId where one wants to be then; null: anywhere */
export function getSignInWays(environmentId: string | null, signal?: AbortSignal): Promise<SignInWays> {
  return callDashboard('GET', '/sign_in', { query: { environment_id: environmentId ?? undefined }, signal });
}

/** @returns the second step that is asked for; null when the member is signed in. */
export async function signIn(credentials: { email: string; password: string }): Promise<SecondFactorStep | null> {
  const answer = await callDashboard<DashboardSession | { second_factor: SecondFactorStep }>('POST', '/sign_in', {
    body: credentials,
  });
  return 'member' in answer ? null : answer.second_factor;
}

export function giveSecondFactor(body: { token: string; code: string }): Promise<DashboardSession> {
  return callDashboard('POST', '/sign_in/second_factor', { body });
}

export function setUp(body: {
  token: string;
  name: string;
  email: string;
  password: string;
}): Promise<DashboardSession> {
  return callDashboard('POST', '/setup', { body });
}

export function lookUpInvitation(token: string): Promise<InvitationFacts> {
  return callDashboard('POST', '/invitations:look_up', { body: { token } });
}

export function acceptInvitation(body: {
  token: string;
  name?: string;
  email?: string;
  password?: string;
}): Promise<DashboardSession> {
  return callDashboard('POST', '/invitations:accept', { body });
}
