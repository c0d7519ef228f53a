import type { DataSource } from 'typeorm';
import type { SecondFactor } from '@rollcall/contract';
import { callFunction, ofMember, poolOf, runStatement, tenantTransaction } from '@rollcall/database';
import { AppError } from '@rollcall/platform';
import { holdPassword } from './verify-password';
import type { VerifiedMember } from './verify-password';

/** How long one has to find the phone, and how often one may mistype. */
const MINUTES = 10;
const MAX_ATTEMPTS = 5;
/** Half-done sign-ins of a member at a time; the oldest gives way. */
const MAX_PENDING = 10;

/** A sign-in whose password was right and whose second factor is missing; ids bare. */
export interface PendingSignIn {
  id: string;
  memberId: string;
}

/**
 * Remembers that the password was right, and answers what the sign-in can be finished with. Throws AppError `invalid_credentials` when
 * the password was changed meanwhile.
 */
export async function beginSecondFactor(
  dataSource: DataSource,
  member: VerifiedMember,
  { id, tokenHash }: { id: string; tokenHash: string },
): Promise<SecondFactor[]> {
  const memberId = member.id;
  return tenantTransaction(dataSource, ofMember(memberId), async (manager) => {
    await holdPassword(manager, member);
    await runStatement(
      manager,
      `DELETE FROM pending_sign_ins WHERE member_id = $1 AND (expire_time < now() OR id IN (
         SELECT p.id FROM pending_sign_ins p WHERE p.member_id = $1 ORDER BY p.id DESC OFFSET $2))`,
      [memberId, MAX_PENDING - 1],
    );
    await runStatement(
      manager,
      `INSERT INTO pending_sign_ins (member_id, id, token_hash, expire_time)
       VALUES ($1, $2, $3, now() + make_interval(mins => $4))`,
      [memberId, id, tokenHash, MINUTES],
    );
    const { rows } = await runStatement<{ totp: boolean; passkey: boolean; recovery_code: boolean }>(
      manager,
      `SELECT EXISTS (SELECT 1 FROM member_credentials WHERE member_id = $1 AND totp_confirmed_time IS NOT NULL) AS totp,
         EXISTS (SELECT 1 FROM member_passkeys WHERE member_id = $1) AS passkey,
         EXISTS (SELECT 1 FROM member_recovery_codes WHERE member_id = $1 AND used_time IS NULL) AS recovery_code`,
      [memberId],
    );
    const [has] = rows;
    return (['totp', 'passkey', 'recovery_code'] as const).filter((factor) => has?.[factor]);
  });
}

/**
 * The sign-in of a token, of which this is one more attempt. It counts whatever follows, so it is stored before. Throws AppError
 * `second_factor_expired` when it is too late, or there were too many.
 */
export async function takeAttempt(dataSource: DataSource, tokenHash: string): Promise<PendingSignIn> {
  const pending = await findPendingSignIn(dataSource, tokenHash);
  const { affected } = await tenantTransaction(dataSource, ofMember(pending.memberId), (manager) =>
    runStatement(
      manager,
      `UPDATE pending_sign_ins SET attempts = attempts + 1
       WHERE member_id = $1 AND id = $2 AND attempts < $3 AND expire_time > now()`,
      [pending.memberId, pending.id, MAX_ATTEMPTS],
    ),
  );
  if (affected === 0) throw signInExpired();
  return pending;
}

/** The sign-in of a token. Throws AppError `second_factor_expired`. */
export async function findPendingSignIn(dataSource: DataSource, tokenHash: string): Promise<PendingSignIn> {
  const [row] = await callFunction<{ member_id: string; id: string }>(poolOf(dataSource), 'find_pending_sign_in', [
    tokenHash,
  ]);
  if (!row) throw signInExpired();
  return { id: row.id, memberId: row.member_id };
}

function signInExpired(): AppError {
  return new AppError({
    kind: 'unauthenticated',
    code: 'second_factor_expired',
    message: 'This sign-in has taken too long, or had too many wrong codes. Begin again with your password.',
  });
}
