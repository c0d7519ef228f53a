import type { DataSource } from 'typeorm';
import { ofMember, runStatement, tenantTransaction } from '@rollcall/database';
import { AppError } from '@rollcall/platform';
import { listMemberEnvironments } from './list-member-environments';
import type { MemberAccess } from './list-member-environments';
import type { NamedMember } from './member-target';

/** A member by its bare id. Throws AppError `unauthenticated` for one that is gone. */
export async function nameMember(dataSource: DataSource, memberId: string): Promise<NamedMember> {
  const { rows } = await tenantTransaction(dataSource, ofMember(memberId), (manager) =>
    runStatement<NamedMember>(manager, 'SELECT id, name FROM members WHERE id = $1', [memberId]),
  );
  if (rows[0]) return rows[0];
  throw new AppError({
    kind: 'unauthenticated',
    code: 'unauthenticated',
    message: 'There is no such account any more.',
  });
}

/**
 * Refuses a sign-in that would open no environment, since each of them asks for single sign-on. Throws AppError
 * `single_sign_on_required`.
 * @param memberId bare
 */
export async function refuseWithoutEnvironment(
  dataSource: DataSource,
  memberId: string,
  signIn: Pick<MemberAccess, 'method' | 'tookSecondFactor'>,
): Promise<void> {
  const opened = await listMemberEnvironments(dataSource, { id: memberId, sessionEnvironmentId: null, ...signIn });
  if (opened.length > 0) return;
  throw new AppError({
    kind: 'forbidden',
    code: 'single_sign_on_required',
    message: 'Your environment asks for single sign-on. Sign in with your identity provider.',
  });
}
