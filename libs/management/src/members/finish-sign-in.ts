import type { DataSource, EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import { memberActor } from './member-target';
import { nameMember } from './name-member';
import { insertMemberSession } from './open-member-session';
import type { NewMemberSession } from './open-member-session';
import type { PendingSignIn } from './pending-sign-in';
import { recordMemberChange } from './record-member-change';
import { secondFactorRefused, takeRecoveryCode, takeTotpCode } from './verify-code';
import type { CodeTools } from './verify-code';

/**
 * Finishes a sign-in with a code of the authenticator app or a recovery code: the code is used up and the session opened in one
 * transaction. Throws AppError `second_factor_refused`.
 */
export async function finishSignInWithCode(
  dataSource: DataSource,
  tools: CodeTools,
  { pending, code, session }: { pending: PendingSignIn; code: string; session: NewMemberSession },
): Promise<void> {
  const { memberId } = pending;
  await finishSignIn(dataSource, { pending, session }, async (manager) => {
    const isTotp = /^\d{3} ?\d{3}$/.test(code.trim());
    const isRight = isTotp
      ? await takeTotpCode(manager, tools, { memberId, code: code.replaceAll(' ', ''), isConfirmed: true })
      : await takeRecoveryCode(manager, tools, { memberId, code });
    if (!isRight) throw secondFactorRefused();
  });
}

/** Ends a half-done sign-in with a session, once `prove` has not thrown. Throws what it throws. */
export async function finishSignIn(
  dataSource: DataSource,
  { pending, session }: { pending: PendingSignIn; session: NewMemberSession },
  prove: (manager: EntityManager) => Promise<void>,
): Promise<void> {
  const member = await nameMember(dataSource, pending.memberId);
  const author = { actor: memberActor(member), ...session.origin };
  await recordMemberChange({ dataSource, author }, member.id, async (manager) => {
    const { affected } = await runStatement(manager, 'DELETE FROM pending_sign_ins WHERE member_id = $1 AND id = $2', [
      member.id,
      pending.id,
    ]);
    if (affected === 0) throw secondFactorRefused();
    await prove(manager);
    return { answer: undefined, entries: [await insertMemberSession(manager, member, session)] };
  });
}
