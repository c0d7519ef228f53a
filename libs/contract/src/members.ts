/** What a member of the dashboard may do in an environment, least last: an owner may what an admin may, an admin what a viewer may. */
export const MEMBER_ROLES = ['owner', 'admin', 'viewer'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** Whether a role is enough where another one is asked for. */
export function isRoleEnough(role: MemberRole, asked: MemberRole): boolean {
  return MEMBER_ROLES.indexOf(role) <= MEMBER_ROLES.indexOf(asked);
}

/**
 * With this header a page of the dashboard says which environment it shows. The tabs of a browser share one session: what a page
 * of one environment asks for must never be done in another.
 */
export const DASHBOARD_ENVIRONMENT_HEADER = 'rollcall-environment';

/** How a member has signed in. */
export const SIGN_IN_METHODS = ['password', 'passkey', 'single_sign_on', 'setup', 'invitation'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** The second factors that a sign-in can be finished with. */
export const SECOND_FACTORS = ['totp', 'passkey', 'recovery_code'] as const;
export type SecondFactor = (typeof SECOND_FACTORS)[number];
