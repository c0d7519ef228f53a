import { randomInt, timingSafeEqual } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { PortalLink, readNow, runStatement, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { AuditEntry, Author, Organization } from '@rollcall/database';
import { AppError, publicId } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';
import { maskAddress } from '../mail/mask-address';
import { writeMail } from '../mail/write-mail';
import type { MailTools } from '../mail/write-mail';
import { requireOrganization } from '../organizations/find-organization';
import { readPortalSettings } from '../portal-settings/find-portal-settings';
import { composeCodeMail } from './compose-link-mail';
import { findPortalLink, linkUnknown, refuseOverLink } from './find-portal-link';

/**
 * A code has a million values: five tries at each of five codes are a chance of one in forty thousand, and then the link is of no more
 * use to whoever guesses.
 */
const CODE_SECONDS = 600;
const TRIES = 5;
const CODES = 5;
const RESEND_SECONDS = 60;

/** How codes are hashed: keyed, because a million of them are hashed in a moment. */
type CodeHasher = Pick<SecretHasher, 'hashGenerated'>;

export interface CodeTools extends MailTools {
  hasher: CodeHasher;
}

/** Where a code is on its way to, as the page shows it. */
export interface SentCode {
  /** Masked. */
  email: string;
  expireTime: Date;
  /** When another one may be asked for; null: there is none any more. */
  resendTime: Date | null;
}

/**
 * Sends the code that a mailed link asks for to the address that the link was mailed to. While one is good that was sent before nothing
 * is sent, unless another is asked for. Throws AppError as `openPortalSession` of the link; 400 `invalid_request` when it asks for no code;
 * 429 `code_too_soon`; 422 `too_many_codes`; and as `writeMail`.
 */
export async function sendPortalCode(
  dataSource: DataSource,
  { hasher, ...mail }: CodeTools,
  linkTokenHash: string,
  { isResend, origin }: { isResend: boolean; origin: Omit<Author, 'actor'> },
): Promise<SentCode> {
  const { environmentId, id } = await findPortalLink(dataSource, linkTokenHash);
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const link = await lockLink(manager, environmentId, id);
    const { email } = link;
    if (email === null) throw needsNoCode();
    const now = await readNow(manager);
    if (!isResend && isGood(link, now)) return describeCode(link, email);
    refuseOneMore(link, now);
    const organization = await requireOrganization(manager, { environmentId, organizationId: link.organizationId });
    const settings = await readPortalSettings(manager, environmentId);
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const text = composeCodeMail({ organization, settings, code, minutes: CODE_SECONDS / 60 });
    const { organizationId } = link;
    await writeMail(manager, mail, {
      environmentId,
      organizationId,
      kind: 'portal_code',
      to: email,
      text,
      expiresIn: CODE_SECONDS,
    });
    await runStatement(
      manager,
      `UPDATE portal_links SET code_hash = $3, code_sent_time = now(), code_attempts = 0, codes_sent = codes_sent + 1,
         code_expire_time = now() + make_interval(secs => $4)
       WHERE environment_id = $1 AND id = $2`,
      [environmentId, id, hashCode(hasher, id, code), CODE_SECONDS],
    );
    await writeEntry(manager, link, organization, origin, 'portal_link.code_sent');
    return describeCode(await manager.findOneByOrFail(PortalLink, { environmentId, id }), email);
  });
}

/**
 * Whether a code is the one that was sent for a mailed link; a link that was not mailed asks for none. Each try is counted before it is
 * looked at. Throws AppError 403 `code_required`, `code_wrong` with `tries_left`, and `code_expired` also after the last try.
 */
export async function checkPortalCode(
  dataSource: DataSource,
  hasher: CodeHasher,
  { environmentId, id }: { environmentId: string; id: string },
  { code, origin }: { code: string | undefined; origin: Omit<Author, 'actor'> },
): Promise<void> {
  const triesLeft = await tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const link = await lockLink(manager, environmentId, id);
    if (link.email === null) return null;
    if (code === undefined) throw codeRequired(link.email);
    if (!isGood(link, await readNow(manager))) throw codeExpired();
    const isRight = isSame(link.codeHash ?? '', hashCode(hasher, id, code));
    if (isRight) return null;
    await runStatement(
      manager,
      'UPDATE portal_links SET code_attempts = code_attempts + 1 WHERE environment_id = $1 AND id = $2',
      [environmentId, id],
    );
    const organization = await requireOrganization(manager, { environmentId, organizationId: link.organizationId });
    await writeEntry(manager, link, organization, origin, 'portal_link.code_refused');
    return TRIES - link.codeAttempts - 1;
  });
  // Thrown when the try is counted: a refusal inside would take the count back.
  if (triesLeft !== null) throw triesLeft > 0 ? codeWrong(triesLeft) : codeExpired();
}

/** One that asks at the same time waits. Throws as `refuseOverLink`. */
async function lockLink(manager: EntityManager, environmentId: string, id: string): Promise<PortalLink> {
  const link = await manager.findOne(PortalLink, { where: { environmentId, id }, lock: { mode: 'pessimistic_write' } });
  if (!link) throw linkUnknown();
  refuseOverLink(link, await readNow(manager));
  return link;
}

function isGood({ codeHash, codeExpireTime, codeAttempts }: PortalLink, now: Date): boolean {
  return codeHash !== null && codeExpireTime !== null && codeExpireTime > now && codeAttempts < TRIES;
}

function refuseOneMore(link: PortalLink, now: Date): void {
  if (link.codesSent >= CODES) {
    throw new AppError({
      kind: 'refused',
      code: 'too_many_codes',
      message: `${CODES} codes were sent for this link, and there are no more. Ask for a new link.`,
    });
  }
  const waitMs = link.codeSentTime ? link.codeSentTime.getTime() + RESEND_SECONDS * 1_000 - now.getTime() : 0;
  if (waitMs <= 0) return;
  const seconds = Math.ceil(waitMs / 1_000);
  throw new AppError({
    kind: 'rate_limited',
    code: 'code_too_soon',
    message: `A code was sent a moment ago. Ask for another one in ${seconds} s.`,
    retryAfterSeconds: seconds,
  });
}

function describeCode({ codeExpireTime, codeSentTime, codesSent }: PortalLink, email: string): SentCode {
  const sentAt = codeSentTime ?? new Date();
  return {
    email: maskAddress(email),
    expireTime: codeExpireTime ?? sentAt,
    resendTime: codesSent < CODES ? new Date(sentAt.getTime() + RESEND_SECONDS * 1_000) : null,
  };
}

/** Bound to its link: the same six digits are another code for another one. */
function hashCode(hasher: CodeHasher, linkId: string, code: string): string {
  return hasher.hashGenerated(`portal-code:${linkId}:${code}`);
}

function isSame(stored: string, given: string): boolean {
  const [expected, actual] = [Buffer.from(stored), Buffer.from(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Nobody has proved to be anybody yet. */
async function writeEntry(
  manager: EntityManager,
  { environmentId, id, organizationId }: PortalLink,
  { displayName }: Organization,
  origin: Omit<Author, 'actor'>,
  action: AuditEntry['action'],
): Promise<void> {
  const target = { type: 'portal_link' as const, id: publicId('lnk', id), name: displayName };
  const actor = { type: 'anonymous' as const, id: null, name: null };
  await writeAuditEntries(manager, environmentId, { actor, ...origin }, [{ action, target, organizationId }]);
}

function needsNoCode(): AppError {
  return new AppError({ kind: 'invalid', code: 'invalid_request', message: 'This link asks for no code.' });
}

function codeRequired(email: string): AppError {
  return new AppError({
    kind: 'forbidden',
    code: 'code_required',
    message: 'This link was sent by mail. Type the code that is sent to the same address.',
    details: { email: maskAddress(email) },
  });
}

function codeWrong(triesLeft: number): AppError {
  return new AppError({
    kind: 'forbidden',
    code: 'code_wrong',
    message: `This is not the code that was sent. ${triesLeft === 1 ? 'One more try' : `${triesLeft} more tries`}.`,
    details: { tries_left: triesLeft },
  });
}

function codeExpired(): AppError {
  return new AppError({
    kind: 'forbidden',
    code: 'code_expired',
    message: 'This code is not good any more. Ask for another one.',
  });
}
