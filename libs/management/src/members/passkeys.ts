import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { DataSource, EntityManager } from 'typeorm';
import { refuseBeyondLimit } from '@rollcall/directory';
import {
  callFunction,
  notFound,
  ofMember,
  poolOf,
  runStatement,
  tenantTransaction,
  violatedConstraint,
} from '@rollcall/database';
import { AppError, issueChallenge, publicId, readChallenge } from '@rollcall/platform';
import type { DerivedKeys } from '@rollcall/platform';
import type { Writer } from '../audit/record-change';
import type { AdmittedMember } from './admit-member';
import { lockMember } from './lock-member';
import { aboutMember } from './member-target';
import { recordMemberChange } from './record-member-change';
import { findSecondFactors, noteSecondFactor } from './second-factor';
import { renewRecoveryCodes } from './verify-code';
import type { CodeTools } from './verify-code';

/** What passkeys are made for and verified with: this site, as WebAuthn calls it the relying party. */
export interface PasskeyTools {
  /** `https://rollcall.example.com`: the origin of PUBLIC_URL. */
  origin: string;
  keys: DerivedKeys;
  now: Date;
}

/** Loaded with the first passkey: it brings all of X.509 along, which is a tenth of what a start would have to read. */
const loadWebAuthn = () => import('@simplewebauthn/server');

/** A passkey as its member sees it; bare id. */
export interface PasskeyView {
  id: string;
  name: string;
  createTime: Date;
  lastUsedTime: Date | null;
}

/** What a challenge is for: one that was made to sign in registers nothing, and the other way round. */
const PURPOSES = {
  register: (memberId: string) => `passkey of ${memberId}`,
  signIn: 'passkey sign-in',
  secondFactor: (pendingId: string) => `passkey for ${pendingId}`,
};

/** What a sign-in with a passkey is begun for: by itself, or as the second factor of a pending sign-in (bare id). */
export function purposeOfSignIn(pendingId: string | null): string {
  return pendingId === null ? PURPOSES.signIn : PURPOSES.secondFactor(pendingId);
}

/** The passkeys of a member, oldest first. */
export async function listPasskeys(dataSource: DataSource, memberId: string): Promise<PasskeyView[]> {
  const { rows } = await tenantTransaction(dataSource, ofMember(memberId), (manager) =>
    runStatement<PasskeyView>(
      manager,
      `SELECT id, name, create_time AS "createTime", last_used_time AS "lastUsedTime" FROM member_passkeys
       WHERE member_id = $1 ORDER BY id`,
      [memberId],
    ),
  );
  return rows;
}

/** What a browser makes a passkey from: one that finds its member by itself, and asks its user who they are. */
export async function offerPasskey(dataSource: DataSource, tools: PasskeyTools, member: AdmittedMember) {
  const { generateRegistrationOptions } = await loadWebAuthn();
  const known = await listCredentials(dataSource, member.id);
  return generateRegistrationOptions({
    rpName: 'Rollcall',
    rpID: siteOf(tools),
    userID: new TextEncoder().encode(member.id),
    userName: member.email,
    userDisplayName: member.name,
    challenge: issueChallenge(tools.keys, PURPOSES.register(member.id), tools.now),
    attestationType: 'none',
    excludeCredentials: known.map(({ credential_id: id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/**
 * Stores a passkey that a browser has made. Returns it, and recovery codes when the member had none: whoever loses a device has to
 * get in. Throws AppError `passkey_refused`, `too_many_passkeys`.
 */
export async function addPasskey(
  writer: Writer,
  tools: PasskeyTools & Pick<CodeTools, 'hasher'>,
  { member, id, name, response }: { member: AdmittedMember; id: string; name: string; response: object },
): Promise<{ passkey: PasskeyView; recoveryCodes: string[] | null }> {
  const credential = await verifyRegistration(tools, member, response);
  return recordMemberChange(writer, member.id, async (manager) => {
    await lockMember(manager, member.id);
    const { passkeys, recoveryCodesLeft } = await findSecondFactors(manager, member.id);
    refuseBeyondLimit('passkeys', passkeys);
    const createTime = await insertPasskey(manager, { memberId: member.id, id, name, ...credential });
    await noteSecondFactor(manager, member.id);
    const recoveryCodes = recoveryCodesLeft === 0 ? await renewRecoveryCodes(manager, tools, member.id) : null;
    const changes = { passkey: { from: null, to: name }, passkey_id: { from: null, to: publicId('pky', id) } };
    return {
      answer: { passkey: { id, name, createTime, lastUsedTime: null }, recoveryCodes },
      entries: [{ action: 'passkey.added', ...aboutMember(member), changes }],
    };
  });
}

/** Removes a passkey: nothing is signed in with it any more. Throws AppError `passkey_not_found`. */
export async function removePasskey(writer: Writer, member: AdmittedMember, id: string): Promise<void> {
  await recordMemberChange(writer, member.id, async (manager) => {
    await lockMember(manager, member.id);
    const { rows } = await runStatement<{ name: string }>(
      manager,
      'DELETE FROM member_passkeys WHERE member_id = $1 AND id = $2 RETURNING name',
      [member.id, id],
    );
    if (!rows[0]) throw notFound('passkey');
    await noteSecondFactor(manager, member.id);
    const changes = { passkey: { from: rows[0].name, to: null }, passkey_id: { from: publicId('pky', id), to: null } };
    return { answer: undefined, entries: [{ action: 'passkey.removed', ...aboutMember(member), changes }] };
  });
}

/**
 * What a browser asks for a passkey with.
 * @param pending the sign-in whose second factor it is, bare ids; null: whatever passkeys of this site the browser has
 */
export async function askForPasskey(
  dataSource: DataSource,
  tools: PasskeyTools,
  pending: { id: string; memberId: string } | null,
) {
  const { generateAuthenticationOptions } = await loadWebAuthn();
  const known = pending && (await listCredentials(dataSource, pending.memberId));
  return generateAuthenticationOptions({
    rpID: siteOf(tools),
    challenge: issueChallenge(tools.keys, purposeOfSignIn(pending?.id ?? null), tools.now),
    userVerification: 'required',
    ...(known && { allowCredentials: known.map(({ credential_id: id, transports }) => ({ id, transports })) }),
  });
}

/** Whose passkey a browser answers with, by its bare id. Throws AppError `passkey_refused` for one that is not known. */
export async function findMemberOfPasskey(dataSource: DataSource, response: object): Promise<string> {
  const { id } = response as { id?: unknown };
  if (typeof id !== 'string' || !/^[\w-]{1,1400}$/.test(id)) throw passkeyRefused();
  const [row] = await callFunction<{ member_id: string }>(poolOf(dataSource), 'find_member_of_passkey', [id]);
  if (!row) throw passkeyRefused();
  return row.member_id;
}

/**
 * Verifies what a passkey of the member has signed, once: an answer to the same challenge, or an earlier one, is refused from then
 * on. In a transaction that sees the member's own rows. Throws AppError `passkey_refused`.
 * @param refusal what kind of an error that is: `refused` for whoever is signed in, and stays so
 */
export async function takePasskey(
  manager: EntityManager,
  tools: PasskeyTools,
  { memberId, purpose, response, refusal }: AskedPasskey & { refusal?: PasskeyRefusal },
): Promise<void> {
  const { rows } = await runStatement<StoredPasskey>(
    manager,
    `SELECT id, credential_id, public_key, counter, transports FROM member_passkeys
     WHERE member_id = $1 AND credential_id = $2 FOR UPDATE`,
    [memberId, (response as { id?: unknown }).id],
  );
  const [stored] = rows;
  if (!stored) throw passkeyRefused(undefined, refusal);
  const { counter, madeAt } = await verifyAnswer(tools, stored, { purpose, response, refusal });
  const { affected } = await runStatement(
    manager,
    `UPDATE member_passkeys SET counter = $3, challenged_at = $4, last_used_time = now()
     WHERE member_id = $1 AND id = $2 AND challenged_at < $4`,
    [memberId, stored.id, counter, madeAt],
  );
  if (affected === 0) throw passkeyRefused(undefined, refusal);
}

/** At a sign-in, or of whoever is signed in. */
type PasskeyRefusal = 'unauthenticated' | 'refused';

interface AskedPasskey {
  memberId: string;
  purpose: string;
  response: object;
}

interface StoredCredential {
  credential_id: string;
  transports: string[];
}

interface StoredPasskey extends StoredCredential {
  id: string;
  public_key: string;
  counter: string;
}

async function listCredentials(dataSource: DataSource, memberId: string): Promise<StoredCredential[]> {
  const { rows } = await tenantTransaction(dataSource, ofMember(memberId), (manager) =>
    runStatement<StoredCredential>(
      manager,
      'SELECT credential_id, transports FROM member_passkeys WHERE member_id = $1 ORDER BY id',
      [memberId],
    ),
  );
  return rows;
}

interface NewPasskey {
  memberId: string;
  id: string;
  name: string;
  credentialId: string;
  publicKey: string;
  counter: number;
  transports: string[];
}

async function insertPasskey(
  manager: EntityManager,
  { memberId, id, name, credentialId, publicKey, counter, transports }: NewPasskey,
): Promise<Date> {
  try {
    const { rows } = await runStatement<{ create_time: Date }>(
      manager,
      `INSERT INTO member_passkeys (member_id, id, name, credential_id, public_key, counter, transports)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING create_time`,
      [memberId, id, name, credentialId, publicKey, counter, transports],
    );
    return rows[0]?.create_time ?? new Date();
  } catch (error) {
    if (violatedConstraint(error) === 'member_passkeys_credential_id') throw passkeyRefused(error, 'refused');
    throw error;
  }
}

/** The library throws for whatever does not fit together; what it says is for us alone. */
async function verifyRegistration(
  tools: PasskeyTools,
  { id }: AdmittedMember,
  response: object,
): Promise<Omit<NewPasskey, 'memberId' | 'id' | 'name'>> {
  const isOurs = (text: string) =>
    readChallenge(tools.keys, Buffer.from(text, 'base64url'), PURPOSES.register(id), tools.now) !== null;
  const { verifyRegistrationResponse } = await loadWebAuthn();
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: isOurs,
      expectedOrigin: tools.origin,
      expectedRPID: siteOf(tools),
      requireUserVerification: true,
    });
    if (!registrationInfo) throw passkeyRefused();
    const { credential } = registrationInfo;
    return {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: readTransports(credential.transports),
    };
  } catch (error) {
    throw passkeyRefused(error, 'refused');
  }
}

/** What the browser says of how its authenticator is reached: a hint, and not looked at by the library. */
function readTransports(given: unknown): string[] {
  const texts = Array.isArray(given) ? given.filter((one): one is string => typeof one === 'string') : [];
  return texts.slice(0, 10).map((text) => text.slice(0, 20));
}

async function verifyAnswer(
  tools: PasskeyTools,
  { credential_id: id, public_key, counter, transports }: StoredPasskey,
  { purpose, response, refusal }: Omit<AskedPasskey, 'memberId'> & { refusal?: PasskeyRefusal },
): Promise<{ counter: number; madeAt: number }> {
  let madeAt: number | null = null;
  const isOurs = (text: string) => {
    madeAt = readChallenge(tools.keys, Buffer.from(text, 'base64url'), purpose, tools.now);
    return madeAt !== null;
  };
  const { verifyAuthenticationResponse } = await loadWebAuthn();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: isOurs,
      expectedOrigin: tools.origin,
      expectedRPID: siteOf(tools),
      credential: {
        id,
        publicKey: new Uint8Array(Buffer.from(public_key, 'base64url')),
        counter: Number(counter),
        transports,
      },
      requireUserVerification: true,
    });
    if (!verified || madeAt === null) throw passkeyRefused(undefined, refusal);
    return { counter: authenticationInfo.newCounter, madeAt };
  } catch (error) {
    throw passkeyRefused(error, refusal);
  }
}

function siteOf({ origin }: PasskeyTools): string {
  return new URL(origin).hostname;
}

/** 401 at a sign-in, 422 for whoever is signed in, and stays so. */
function passkeyRefused(cause?: unknown, kind: PasskeyRefusal = 'unauthenticated'): AppError {
  return new AppError({
    kind,
    code: 'passkey_refused',
    message: 'This passkey is not known here, or its answer came too late. Try again, or sign in with your password.',
    internal: cause instanceof Error ? cause.message : undefined,
    cause,
  });
}
