import type { DataSource, EntityManager } from 'typeorm';
import { isRoleEnough } from '@rollcall/contract';
import type { MemberRole, SignInMethod } from '@rollcall/contract';
import { callFunction, notFound, poolOf, runStatement } from '@rollcall/database';
import { AppError } from '@rollcall/platform';
import { IDLE_SECONDS } from './open-member-session';

/** A member of the dashboard who may act now; ids bare. */
export interface AdmittedMember {
  id: string;
  name: string;
  email: string;
  sessionId: string;
  /** The one environment that the session is for; null: all of the member's. */
  sessionEnvironmentId: string | null;
  method: SignInMethod;
  /** The sign-in took more than a password. */
  tookSecondFactor: boolean;
  /** What the member may do in the environment that was asked for; null: nothing. */
  role: MemberRole | null;
  expireTime: Date;
  /** When the member has last proved that it is still the one who signed in; null: not since. */
  confirmedTime: Date | null;
  /** The last use was noted a minute ago or longer. */
  touch: boolean;
}

interface MemberRow {
  session_id: string;
  session_environment_id: string | null;
  method: SignInMethod;
  second_factor: boolean;
  member_id: string;
  name: string;
  email: string;
  role: MemberRole | null;
  expire_time: Date;
  confirmed_time: Date | null;
  touch: boolean;
}

/** The member of an open session's token, as both are now; null when there is none. One look-up, so what ends does so at once. */
export async function admitMember(
  dataSource: DataSource,
  tokenHash: string,
  environmentId: string | null,
): Promise<AdmittedMember | null> {
  const [row] = await callFunction<MemberRow>(poolOf(dataSource), 'admit_member', [tokenHash, environmentId]);
  if (!row) return null;
  return {
    id: row.member_id,
    name: row.name,
    email: row.email,
    sessionId: row.session_id,
    sessionEnvironmentId: row.session_environment_id,
    method: row.method,
    tookSecondFactor: row.second_factor,
    role: row.role,
    expireTime: row.expire_time,
    confirmedTime: row.confirmed_time,
    touch: row.touch,
  };
}

/** Notes that a session was used, which keeps it open. */
export async function touchMember(
  dataSource: DataSource,
  { id, sessionId }: Pick<AdmittedMember, 'id' | 'sessionId'>,
): Promise<void> {
  await callFunction(poolOf(dataSource), 'touch_member_session', [id, sessionId, IDLE_SECONDS]);
}

/**
 * What a member needs in order to change something, for the transaction of the change: that the session is still open, and the
 * role enough. Both stay so until the transaction ends. The function that is returned throws as `refuseRole` does, and AppError
 * `unauthenticated`.
 * @param needed null: the change is of the member itself, in no environment
 */
export function holdMember(
  { id, sessionId }: Pick<AdmittedMember, 'id' | 'sessionId'>,
  needed: { environmentId: string; role: MemberRole } | null,
): (manager: EntityManager) => Promise<void> {
  return async (manager) => {
    const { rows } = await runStatement<{ role: MemberRole | null }>(
      manager,
      'SELECT role FROM hold_member($1, $2, $3)',
      [id, sessionId, needed?.environmentId ?? null],
    );
    const [held] = rows;
    if (!held) throw signedOut();
    if (needed) refuseRole(held.role, needed.role);
  };
}

/** Throws AppError `environment_not_found` for a member without a role, and `role_required` for one whose role is not enough. */
export function refuseRole(role: MemberRole | null, needed: MemberRole): void {
  if (role === null) throw notFound('environment');
  if (isRoleEnough(role, needed)) return;
  throw new AppError({
    kind: 'forbidden',
    code: 'role_required',
    message: `This takes the role "${needed}" in this environment; yours is "${role}".`,
    details: { needed, role },
  });
}

/** 401 for whoever has no open session. */
export function signedOut(details?: Record<string, unknown>): AppError {
  return new AppError({
    kind: 'unauthenticated',
    code: 'unauthenticated',
    message: 'You are not signed in, or not any more. Sign in to the dashboard.',
    details,
  });
}
