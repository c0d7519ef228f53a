import type { EntityManager } from 'typeorm';
import type { MemberRole } from '@rollcall/contract';
import { runStatement, violatedConstraint } from '@rollcall/database';
import { AppError } from '@rollcall/platform';
import { foldAddress } from '../mail/fold-address';

export interface NewMember {
  /** Bare. */
  id: string;
  name: string;
  email: string;
  /** null: signs in with single sign-on alone. Such a member is found by the identity provider's subject and by no address. */
  passwordHash: string | null;
}

/** Stores a member, in a transaction that sees the member's own rows. Throws AppError `email_taken`. */
export async function insertMember(
  manager: EntityManager,
  { id, name, email, passwordHash }: NewMember,
): Promise<void> {
  try {
    await runStatement(manager, 'INSERT INTO members (id, email, email_key, name) VALUES ($1, $2, $3, $4)', [
      id,
      email,
      passwordHash === null ? null : foldAddress(email),
      name,
    ]);
  } catch (error) {
    if (violatedConstraint(error) === 'members_email_key') throw emailTaken();
    throw error;
  }
  await runStatement(manager, 'INSERT INTO member_credentials (member_id, password_hash) VALUES ($1, $2)', [
    id,
    passwordHash,
  ]);
}

/** Gives a member a role in the environment of the transaction; one that it has there already stays. Returns whether it is new. */
export async function insertMemberRole(
  manager: EntityManager,
  { environmentId, memberId, role }: { environmentId: string; memberId: string; role: MemberRole },
): Promise<boolean> {
  const { affected } = await runStatement(
    manager,
    'INSERT INTO member_roles (environment_id, member_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [environmentId, memberId, role],
  );
  return affected > 0;
}

function emailTaken(): AppError {
  return new AppError({
    kind: 'conflict',
    code: 'email_taken',
    message: 'There is an account with this e-mail address. Sign in with it.',
  });
}
