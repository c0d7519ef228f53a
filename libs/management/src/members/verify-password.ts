import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { callFunction, ofMember, poolOf, runStatement, tenantTransaction } from '@rollcall/database';
import { addressBlock, AppError } from '@rollcall/platform';
import type { SecretHasher, StoredHash } from '@rollcall/platform';
import type { AdmittedMember } from './admit-member';
import { foldAddress } from '../mail/fold-address';

/** A member whose password was right. */
export interface VerifiedMember {
  /** Bare. */
  id: string;
  hasSecondFactor: boolean;
  /** Which of the member's passwords it was. */
  passwordVersion: number;
}

interface FoundMember {
  id: string;
  email: string;
  password_hash: string | null;
  password_version: number;
  has_second_factor: boolean;
  familiar: boolean;
}

export interface PasswordTools {
  dataSource: DataSource;
  hasher: Pick<SecretHasher, 'hashChosen' | 'verify'>;
}

/** A refusal takes so long whatever its reason. */
const REFUSAL_MS = 250;

/** What passwords for unknown addresses are compared with, so that they cost what others cost. */
let nobodysHash: Promise<string> | undefined;

/** The text that is hashed: the same letters typed at another keyboard are the same password. */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * Finds the member of an address and verifies the password. Null when there is no such member or the password is wrong, after the
 * same work and time. Throws AppError `too_many_attempts` before hashing, `unavailable` while too many wait to be verified.
 * @param from the address that the request came from
 */
export async function verifyPassword(
  { dataSource, hasher }: PasswordTools,
  { email, password }: { email: string; password: string },
  from: string,
): Promise<{ member: VerifiedMember | null; named: string | null }> {
  const refusalTime = sleep(REFUSAL_MS);
  const key = foldAddress(email);
  const [found] = await callFunction<FoundMember>(poolOf(dataSource), 'find_member_to_sign_in', [
    key,
    addressBlock(from),
  ]);
  const stored = found?.password_hash ? hashOf(found.id, found.password_hash, found) : await hashOfNobody(hasher, key);
  const isRight = await hasher.verify(normalizePassword(password), stored, from);
  if (isRight && found?.password_hash) {
    const { id, has_second_factor: hasSecondFactor, password_version: passwordVersion } = found;
    return { member: { id, hasSecondFactor, passwordVersion }, named: id };
  }
  await refusalTime;
  return { member: null, named: found?.id ?? null };
}

/**
 * Holds the password that was verified until the transaction ends: a change of it waits, and then ends what is opened here. In a
 * transaction that sees the member's own rows. Throws AppError `invalid_credentials` when it was changed meanwhile.
 */
export async function holdPassword(
  manager: EntityManager,
  { id, passwordVersion }: Pick<VerifiedMember, 'id' | 'passwordVersion'>,
): Promise<void> {
  const { rows } = await runStatement(
    manager,
    'SELECT 1 FROM member_credentials WHERE member_id = $1 AND password_version = $2 FOR SHARE',
    [id, passwordVersion],
  );
  if (rows.length === 0) throw invalidCredentials();
}

/**
 * Whether a password is the one of a member who is signed in. Guesses in a session that an environment's identity provider opened
 * are bounded like a stranger's: it proves nothing of whoever has the password. Throws as `verifyPassword`.
 */
export async function isOwnPassword(
  { dataSource, hasher }: PasswordTools,
  { id: memberId, sessionEnvironmentId }: Pick<AdmittedMember, 'id' | 'sessionEnvironmentId'>,
  { password, from }: { password: string; from: string },
): Promise<boolean> {
  const { rows } = await tenantTransaction(dataSource, ofMember(memberId), (manager) =>
    runStatement<{ password_hash: string | null; password_version: number }>(
      manager,
      'SELECT password_hash, password_version FROM member_credentials WHERE member_id = $1',
      [memberId],
    ),
  );
  const [found] = rows;
  if (!found?.password_hash) return false;
  const stored = hashOf(memberId, found.password_hash, { ...found, familiar: sessionEnvironmentId === null });
  return hasher.verify(normalizePassword(password), stored, from);
}

/** 401 for what does not fit together; which of the two is wrong is not said. */
export function invalidCredentials(): AppError {
  return new AppError({
    kind: 'unauthenticated',
    code: 'invalid_credentials',
    message: 'The e-mail address or the password is wrong.',
  });
}

/** 403 for a wrong password of whoever is signed in, and stays so. */
export function wrongPassword(): AppError {
  return new AppError({ kind: 'forbidden', code: 'invalid_credentials', message: 'The password is wrong.' });
}

function hashOf(
  id: string,
  hash: string,
  { password_version: version, familiar: isFamiliar }: Pick<FoundMember, 'password_version' | 'familiar'>,
): StoredHash {
  return { id, hash, version, isFamiliar };
}

async function hashOfNobody(hasher: Pick<SecretHasher, 'hashChosen'>, emailKey: string): Promise<StoredHash> {
  nobodysHash ??= hasher.hashChosen(randomBytes(32).toString('hex')).catch((error: unknown) => {
    nobodysHash = undefined;
    throw error;
  });
  return { id: emailKey, hash: await nobodysHash, version: 1, isMadeUp: true };
}
