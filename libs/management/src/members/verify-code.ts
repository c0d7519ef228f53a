import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import { addressBlock, AppError, createTokenBuckets } from '@rollcall/platform';
import type { Sealer, SecretHasher } from '@rollcall/platform';

/** RFC 6238 with what every authenticator app can: SHA-1, 6 digits, 30 seconds; one step early or late is taken. */
const SETTINGS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const WINDOW = 1;

/** What codes are checked with. */
export interface CodeTools {
  sealer: Pick<Sealer, 'open'>;
  hasher: Pick<SecretHasher, 'hashGenerated'>;
  now: Date;
}

/** A new secret for an authenticator app, and the address that a QR code of it has. */
export function newTotpSecret(issuer: string, label: string): { secret: string; url: string } {
  const secret = new Secret({ size: 20 });
  return { secret: secret.base32, url: new TOTP({ ...SETTINGS, issuer, label, secret }).toString() };
}

/**
 * Whether a code is one of the member's authenticator app now, each good once. In a transaction that sees the member's own rows.
 * @param isConfirmed whether the app must have been confirmed before, as for a sign-in
 */
export async function takeTotpCode(
  manager: EntityManager,
  { sealer, now }: CodeTools,
  { memberId, code, isConfirmed }: { memberId: string; code: string; isConfirmed: boolean },
): Promise<boolean> {
  const { rows } = await runStatement<{ sealed: string }>(
    manager,
    `SELECT sealed_totp_secret AS sealed FROM member_credentials
     WHERE member_id = $1 AND sealed_totp_secret IS NOT NULL AND (totp_confirmed_time IS NOT NULL) = $2 FOR UPDATE`,
    [memberId, isConfirmed],
  );
  const [stored] = rows;
  if (!stored || !/^\d{6}$/.test(code)) return false;
  const secret = Secret.fromBase32(sealer.open(stored.sealed, 'totpSecret', memberId));
  const timestamp = now.getTime();
  const delta = TOTP.validate({ ...SETTINGS, secret, token: code, timestamp, window: WINDOW });
  if (delta === null) return false;
  const { affected } = await runStatement(
    manager,
    'UPDATE member_credentials SET totp_last_step = $2 WHERE member_id = $1 AND totp_last_step < $2',
    [memberId, TOTP.counter({ period: SETTINGS.period, timestamp }) + delta],
  );
  return affected > 0;
}

/** Whether a code is one of the member's recovery codes, which is used up. In a transaction that sees the member's own rows. */
export async function takeRecoveryCode(
  manager: EntityManager,
  { hasher }: Pick<CodeTools, 'hasher'>,
  { memberId, code }: { memberId: string; code: string },
): Promise<boolean> {
  const { affected } = await runStatement(
    manager,
    'UPDATE member_recovery_codes SET used_time = now() WHERE member_id = $1 AND code_hash = $2 AND used_time IS NULL',
    [memberId, hashRecoveryCode(hasher, memberId, code)],
  );
  return affected > 0;
}

/** Without 0 and 1, which look like O and I. 32 of them, so that each has five random bits. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const CODES = 10;
const CODE_LENGTH = 16;

/** Gives a member ten new recovery codes; those of before end. Each has 80 random bits. Returns them in clear, this once. */
export async function renewRecoveryCodes(
  manager: EntityManager,
  { hasher }: Pick<CodeTools, 'hasher'>,
  memberId: string,
): Promise<string[]> {
  const codes = Array.from({ length: CODES }, newRecoveryCode);
  await runStatement(manager, 'DELETE FROM member_recovery_codes WHERE member_id = $1', [memberId]);
  await runStatement(
    manager,
    'INSERT INTO member_recovery_codes (member_id, code_hash) SELECT $1, unnest($2::text[])',
    [memberId, codes.map((code) => hashRecoveryCode(hasher, memberId, code))],
  );
  return codes;
}

function newRecoveryCode(): string {
  const letters = [...randomBytes(CODE_LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return letters.match(/.{4}/g)?.join('-') ?? letters;
}

/** As it is typed: in any case, with or without what parts it. */
function hashRecoveryCode(hasher: Pick<SecretHasher, 'hashGenerated'>, memberId: string, code: string): string {
  return hasher.hashGenerated(`${memberId} ${code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`);
}

/** Bounds guesses at the codes of one member, however many half-done sign-ins there are. */
export interface CodeLimiter {
  /** Counts a wrong code, or one that is to be looked at. Throws AppError `too_many_attempts`. */
  count: (memberId: string, from: string) => () => void;
}

/**
 * Ten codes at once, then one in two minutes: whoever knows the password has within a day a chance of one in 460 to guess one. Of
 * each address apart, and of all addresses together ten times as many, so that a guesser does not shut the member out.
 */
const OF_ONE_ADDRESS = { capacity: 10, perSecond: 1 / 120 };
const OF_ALL = { capacity: 100, perSecond: 1 / 12 };

/** @param now milliseconds of a clock that does not go back */
export function createCodeLimiter(now?: () => number): CodeLimiter {
  const ofOne = createTokenBuckets({ ...OF_ONE_ADDRESS, now });
  const ofAll = createTokenBuckets({ ...OF_ALL, now });
  return {
    count(memberId, from) {
      const pair = `${memberId} ${addressBlock(from)}`;
      const seconds = Math.max(ofOne.secondsUntilOne(pair), ofAll.secondsUntilOne(memberId));
      if (seconds > 0) throw tooManyCodes(Math.ceil(seconds));
      ofOne.take(pair);
      ofAll.take(memberId);
      return () => {
        ofOne.giveBack(pair);
        ofAll.giveBack(memberId);
      };
    },
  };
}

function tooManyCodes(retryAfterSeconds: number): AppError {
  return new AppError({
    kind: 'rate_limited',
    code: 'too_many_attempts',
    message: `Too many wrong codes. Try again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  });
}

/** For a second factor that is none: 401 at a sign-in, 422 for whoever is signed in, and stays so. */
export function secondFactorRefused(kind: 'unauthenticated' | 'refused' = 'unauthenticated'): AppError {
  return new AppError({
    kind,
    code: 'second_factor_refused',
    message: 'This code is wrong, or has been used. Enter the one that your app shows now, or a recovery code.',
  });
}
