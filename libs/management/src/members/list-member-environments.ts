import type { DataSource } from 'typeorm';
import type { MemberRole } from '@rollcall/contract';
import { callFunction, poolOf } from '@rollcall/database';
import type { AdmittedMember } from './admit-member';

/** An environment that a session opens, and the member's role there. */
export interface MemberEnvironment {
  /** Bare. */
  id: string;
  name: string;
  role: MemberRole;
}

/** The environments that a session of a member opens, by name. */
export async function listMemberEnvironments(
  dataSource: DataSource,
  { id, sessionEnvironmentId, method }: Pick<AdmittedMember, 'id' | 'sessionEnvironmentId' | 'method'>,
): Promise<MemberEnvironment[]> {
  return callFunction<{ id: string; name: string; role: MemberRole }>(poolOf(dataSource), 'list_member_environments', [
    id,
    sessionEnvironmentId,
    method,
  ]);
}
