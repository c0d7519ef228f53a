import type { DataSource } from 'typeorm';
import type { MemberRole, SignInMethod } from '@rollcall/contract';
import { callFunction, poolOf } from '@rollcall/database';

/** An environment that a session opens, and the member's role there. */
export interface MemberEnvironment {
  /** Bare. */
  id: string;
  name: string;
  role: MemberRole;
}

/** What says which environments a member gets to; ids bare. */
export interface MemberAccess {
  id: string;
  /** The one environment that the session is for; null: all of the member's. */
  sessionEnvironmentId: string | null;
  method: SignInMethod;
  /** The sign-in took, or is going to take, more than a password. */
  tookSecondFactor: boolean;
}

/** The environments that a session of a member opens, by name. */
export async function listMemberEnvironments(
  dataSource: DataSource,
  { id, sessionEnvironmentId, method, tookSecondFactor }: MemberAccess,
): Promise<MemberEnvironment[]> {
  return callFunction<{ id: string; name: string; role: MemberRole }>(poolOf(dataSource), 'list_member_environments', [
    id,
    sessionEnvironmentId,
    method,
    tookSecondFactor,
  ]);
}
