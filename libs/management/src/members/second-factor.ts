import type { DataSource, EntityManager } from 'typeorm';
import { ofMember, runStatement, tenantTransaction } from '@rollcall/database';
import { AppError } from '@rollcall/platform';
import type { Writer } from '../audit/record-change';
import type { AdmittedMember } from './admit-member';
import { listMemberEnvironments } from './list-member-environments';
import { lockMember } from './lock-member';
import { aboutMember } from './member-target';
import { recordMemberChange } from './record-member-change';
import { renewRecoveryCodes, secondFactorRefused, takeTotpCode } from './verify-code';
import type { CodeTools } from './verify-code';

/** What a member can finish a sign-in with. */
export interface SecondFactors {
  totp: boolean;
  passkeys: number;
  recoveryCodesLeft: number;
}

/**
 * Refuses a second factor, or codes that stand for one, in a session of a password alone, where the factor would open an environment
 * that requires single sign-on of whoever has no more than the password: that would be a way around it. Throws AppError
 * `single_sign_on_required`.
 */
export async function refuseFactorThatOpens(dataSource: DataSource, member: AdmittedMember): Promise<void> {
  const all = { id: member.id, sessionEnvironmentId: null, method: 'password' as const };
  const [opened, plain, strong] = await Promise.all([
    listMemberEnvironments(dataSource, member),
    listMemberEnvironments(dataSource, { ...all, tookSecondFactor: false }),
    listMemberEnvironments(dataSource, { ...all, tookSecondFactor: true }),
  ]);
  const open = new Set([...opened, ...plain].map(({ id }) => id));
  if (strong.every(({ id }) => open.has(id))) return;
  throw new AppError({
    kind: 'forbidden',
    code: 'single_sign_on_required',
    message:
      'An environment of yours asks for single sign-on. Sign in with its identity provider to add a second factor.',
  });
}

/** What a member has besides a password. */
export async function readSecondFactors(dataSource: DataSource, memberId: string): Promise<SecondFactors> {
  return tenantTransaction(dataSource, ofMember(memberId), (manager) => findSecondFactors(manager, memberId));
}

/** The same within a transaction that sees the member's own rows. */
export async function findSecondFactors(manager: EntityManager, memberId: string): Promise<SecondFactors> {
  const { rows } = await runStatement<{ totp: boolean; passkeys: string; codes: string }>(
    manager,
    `SELECT EXISTS (SELECT 1 FROM member_credentials WHERE member_id = $1 AND totp_confirmed_time IS NOT NULL) AS totp,
       (SELECT count(*) FROM member_passkeys WHERE member_id = $1) AS passkeys,
       (SELECT count(*) FROM member_recovery_codes WHERE member_id = $1 AND used_time IS NULL) AS codes`,
    [memberId],
  );
  const [row] = rows;
  return { totp: row?.totp ?? false, passkeys: Number(row?.passkeys), recoveryCodesLeft: Number(row?.codes) };
}

/**
 * Stores the secret of an authenticator app that has to show a code first: until then nothing asks for it. Throws AppError
 * `second_factor_present`.
 */
export async function offerTotp(writer: Writer, member: AdmittedMember, sealedSecret: string): Promise<void> {
  await recordMemberChange(writer, member.id, async (manager) => {
    const { affected } = await runStatement(
      manager,
      `INSERT INTO member_credentials AS c (member_id, sealed_totp_secret) VALUES ($1, $2)
       ON CONFLICT (member_id) DO UPDATE SET sealed_totp_secret = excluded.sealed_totp_secret, totp_last_step = 0
       WHERE c.totp_confirmed_time IS NULL`,
      [member.id, sealedSecret],
    );
    if (affected === 0) throw totpPresent();
    return { answer: undefined, entries: [] };
  });
}

/**
 * Takes the app from now on, once it has shown a code. Returns the recovery codes, in clear this once. Throws AppError
 * `second_factor_refused`.
 */
export async function confirmTotp(
  writer: Writer,
  tools: CodeTools,
  { member, code }: { member: AdmittedMember; code: string },
): Promise<string[]> {
  return recordMemberChange(writer, member.id, async (manager) => {
    await lockMember(manager, member.id);
    const asked = { memberId: member.id, code: code.replaceAll(' ', ''), isConfirmed: false };
    if (!(await takeTotpCode(manager, tools, asked))) throw secondFactorRefused('refused');
    await runStatement(manager, 'UPDATE member_credentials SET totp_confirmed_time = now() WHERE member_id = $1', [
      member.id,
    ]);
    const codes = await renewRecoveryCodes(manager, tools, member.id);
    await noteSecondFactor(manager, member.id);
    return { answer: codes, entries: [{ action: 'second_factor.added', ...aboutMember(member), changes: TOTP_ADDED }] };
  });
}

/** Removes the authenticator app. Throws AppError `second_factor_absent`. */
export async function removeTotp(writer: Writer, member: AdmittedMember): Promise<void> {
  await recordMemberChange(writer, member.id, async (manager) => {
    await lockMember(manager, member.id);
    const { affected } = await runStatement(
      manager,
      `UPDATE member_credentials SET sealed_totp_secret = NULL, totp_confirmed_time = NULL, totp_last_step = 0
       WHERE member_id = $1 AND totp_confirmed_time IS NOT NULL`,
      [member.id],
    );
    if (affected === 0) throw secondFactorAbsent();
    await noteSecondFactor(manager, member.id);
    return {
      answer: undefined,
      entries: [{ action: 'second_factor.removed', ...aboutMember(member), changes: TOTP_REMOVED }],
    };
  });
}

/** Gives ten new recovery codes; those of before end. Throws AppError `second_factor_absent`: they stand for one. */
export async function replaceRecoveryCodes(
  writer: Writer,
  tools: Pick<CodeTools, 'hasher'>,
  member: AdmittedMember,
): Promise<string[]> {
  return recordMemberChange(writer, member.id, async (manager) => {
    await lockMember(manager, member.id);
    if (!(await noteSecondFactor(manager, member.id))) throw secondFactorAbsent();
    const codes = await renewRecoveryCodes(manager, tools, member.id);
    return { answer: codes, entries: [{ action: 'recovery_codes.renewed', ...aboutMember(member) }] };
  });
}

/**
 * Notes whether a member has a second factor, after that may have changed; recovery codes end with the last one. In a transaction
 * that has locked the member (`lockMember`). Returns whether there is one.
 */
export async function noteSecondFactor(manager: EntityManager, memberId: string): Promise<boolean> {
  const { rows } = await runStatement<{ has_second_factor: boolean }>(
    manager,
    `UPDATE members SET has_second_factor =
       EXISTS (SELECT 1 FROM member_credentials WHERE member_id = $1 AND totp_confirmed_time IS NOT NULL)
       OR EXISTS (SELECT 1 FROM member_passkeys WHERE member_id = $1)
     WHERE id = $1 RETURNING has_second_factor`,
    [memberId],
  );
  const isThere = rows[0]?.has_second_factor ?? false;
  if (!isThere) await runStatement(manager, 'DELETE FROM member_recovery_codes WHERE member_id = $1', [memberId]);
  return isThere;
}

const TOTP_ADDED = { kind: { from: null, to: 'totp' } };
const TOTP_REMOVED = { kind: { from: 'totp', to: null } };

function totpPresent(): AppError {
  return new AppError({
    kind: 'conflict',
    code: 'second_factor_present',
    message: 'You have an authenticator app already. Remove it first.',
  });
}

function secondFactorAbsent(): AppError {
  return new AppError({
    kind: 'conflict',
    code: 'second_factor_absent',
    message: 'You have no second factor of this kind. Add one first.',
  });
}
