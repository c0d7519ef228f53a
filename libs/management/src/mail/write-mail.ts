import type { EntityManager } from 'typeorm';
import type { MailKind } from '@rollcall/contract';
import { Mail, runStatement } from '@rollcall/database';
import { AppError, hashOpaqueToken, newId } from '@rollcall/platform';
import type { MailSettings, Sealer } from '@rollcall/platform';
import type { MailText } from './compose-mail';
import { foldAddress } from './fold-address';

/** What a use case that writes mails is called with. */
export interface MailTools {
  sealer: Sealer;
  settings: MailSettings;
}

export interface NewMail {
  environmentId: string;
  /** Bare; null: it concerns no single organization. */
  organizationId: string | null;
  kind: MailKind;
  to: string;
  text: MailText;
  /** The bare id of the link or the invitation that it brings, with which it is recalled; absent: it brings none. */
  brings?: string;
  /** Seconds after which nobody has a use for it any more. */
  expiresIn: number;
}

/** A mail as it is sealed until it was sent. */
export interface StoredMessage extends MailText {
  to: string;
}

/**
 * Within an hour. An address that somebody else gave must not be flooded, whoever asks for it and in however many environments; nor
 * must the installation become known to mail servers for one customer's doing. What one environment writes to an address leaves most of
 * what the address may get to others, so that no stranger keeps their mails from it.
 */
const PER_HOUR = { address: 20, addressAnywhere: 100, organization: 60, environment: 300 } as const;

/** Somebody waits for a code, and a link has few of them: they have half as much again when all else has had its share. */
const CODES_PER_HOUR = 1.5;

/** The text that is sealed has a bound, as everything that is stored. */
const MESSAGE_MAX = 64 * 1024;

/**
 * Writes a mail in the transaction of what it tells: it is sent if and only if that is stored. The worker sends it. Throws AppError 422
 * `mail_not_configured`, and 429 `too_many_mails` when the address, the organization or the environment has got its share of this hour.
 */
export async function writeMail(manager: EntityManager, { sealer, settings }: MailTools, mail: NewMail): Promise<void> {
  requireMail(settings);
  const { environmentId, organizationId, kind, to, text, expiresIn } = mail;
  const addressHash = hashOpaqueToken(foldAddress(to));
  await refuseOverShare(manager, mail, addressHash);
  const id = mail.brings ?? newId();
  const message = JSON.stringify({ to, ...text } satisfies StoredMessage);
  if (message.length > MESSAGE_MAX) throw new Error(`a mail of kind ${kind} has ${message.length} characters`);
  await manager.insert(Mail, {
    environmentId,
    id,
    organizationId,
    kind,
    addressHash,
    sealedMessage: sealer.seal(message, 'mail', id),
    expireTime: () => `now() + make_interval(secs => ${expiresIn})`,
  });
}

/** Throws AppError 422 `mail_not_configured` where this server sends no mails. */
function requireMail({ transport }: MailSettings): void {
  if (transport !== 'none') return;
  throw new AppError({
    kind: 'refused',
    code: 'mail_not_configured',
    message: 'This server sends no mail. Whoever operates it has to set SMTP_URL and MAIL_FROM.',
  });
}

interface RecentMails {
  of_environment: string;
  of_organization: string;
  to_address: string;
  to_address_anywhere: string;
}

async function refuseOverShare(
  manager: EntityManager,
  { environmentId, organizationId, kind }: NewMail,
  addressHash: string,
): Promise<void> {
  const { rows } = await runStatement<RecentMails>(manager, 'SELECT * FROM count_recent_mails($1, $2, $3)', [
    environmentId,
    organizationId,
    addressHash,
  ]);
  const [recent] = rows;
  if (!recent) throw new Error('count_recent_mails returned no row');
  const factor = kind === 'portal_code' ? CODES_PER_HOUR : 1;
  const shares = [
    { of: 'to this address', sent: recent.to_address, max: PER_HOUR.address * factor },
    { of: 'to this address', sent: recent.to_address_anywhere, max: PER_HOUR.addressAnywhere * factor },
    { of: 'for this organization', sent: recent.of_organization, max: PER_HOUR.organization * factor },
    { of: 'of this environment', sent: recent.of_environment, max: PER_HOUR.environment * factor },
  ];
  const over = shares.find(({ sent, max }) => Number(sent) >= max);
  if (!over) return;
  throw new AppError({
    kind: 'rate_limited',
    code: 'too_many_mails',
    message: `Too many mails ${over.of} within an hour: ${over.max} are the most. Try again later.`,
    retryAfterSeconds: 600,
  });
}
