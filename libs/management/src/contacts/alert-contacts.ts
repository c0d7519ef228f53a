import { IsNull } from 'typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { PROVIDER_IDS } from '@rollcall/contract';
import {
  Contact,
  Directory,
  DirectoryCounter,
  Organization,
  runStatement,
  tenantTransaction,
} from '@rollcall/database';
import { describeSilence, silenceLimitMs } from '@rollcall/directory';
import { AppError } from '@rollcall/platform';
import type { DerivedKeys, Logger } from '@rollcall/platform';
import { writeMail } from '../mail/write-mail';
import type { MailTools } from '../mail/write-mail';
import { readPortalSettings } from '../portal-settings/find-portal-settings';
import { composeAlertMail } from './compose-alert-mail';
import type { ContactAlertKind } from './compose-alert-mail';
import { unsubscribeToken } from './unsubscribe';

export interface AlertTools extends MailTools {
  /** Sign the way out of these mails. */
  unsubscribeKeys: DerivedKeys;
  publicUrl: string;
  logger: Logger;
}

/** What one run finds at most; the next goes on with the rest. */
const BATCH = 100;
const DAY = 86_400;
/** After which an alert that reached nobody is tried again. */
const PUT_OFF_MINUTES = 15;

/** How long each provider may send nothing while all is well. */
const SILENCE_SECONDS = Object.fromEntries(
  PROVIDER_IDS.map((provider) => [provider, silenceLimitMs(provider) / 1_000]),
);

interface DueAlert {
  environment_id: string;
  organization_id: string;
  directory_id: string;
  kind: ContactAlertKind;
  repeat_days: number;
}

/**
 * Writes the mails that contacts are to get now. Does nothing where no mails are sent. One that fails is logged and put off, and the
 * others are written. Returns how many were written.
 */
export async function alertContacts(dataSource: DataSource, tools: AlertTools): Promise<number> {
  if (tools.settings.transport === 'none') return 0;
  const silence = JSON.stringify(SILENCE_SECONDS);
  const due = await dataSource.query<DueAlert[]>('SELECT * FROM find_contact_alerts($1, $2)', [silence, BATCH]);
  let written = 0;
  for (const alert of due) {
    const { environment_id: environmentId, directory_id: directoryId, kind } = alert;
    const inTransaction = <T>(work: (manager: EntityManager) => Promise<T>) =>
      tenantTransaction(dataSource, { environmentId, directoryId }, work);
    try {
      written += await inTransaction((manager) => tellContacts(manager, tools, alert));
    } catch (error) {
      tools.logger.error(
        { err: error, environment_id: environmentId, directory_id: directoryId, kind },
        'alert.failed',
      );
      await inTransaction((manager) => putOffAlert(manager, alert));
    }
  }
  return written;
}

/** When every address has got its share of mails, so that nobody was told, the alert is due again soon. */
async function tellContacts(manager: EntityManager, tools: AlertTools, alert: DueAlert): Promise<number> {
  if (!(await claimAlert(manager, alert))) return 0;
  const written = await writeAlerts(manager, tools, alert);
  if (written === 0) await putOffAlert(manager, alert);
  return written;
}

/** Of several workers that find the same, one has it. */
async function claimAlert(
  manager: EntityManager,
  { environment_id, directory_id, kind, repeat_days }: DueAlert,
): Promise<boolean> {
  const { rows } = await runStatement(
    manager,
    `INSERT INTO contact_alerts AS a (environment_id, directory_id, kind) VALUES ($1, $2, $3)
     ON CONFLICT (environment_id, directory_id, kind) DO UPDATE SET sent_time = now()
       WHERE a.sent_time <= now() - $4::integer * interval '1 day' RETURNING 1`,
    [environment_id, directory_id, kind, repeat_days],
  );
  return rows.length > 0;
}

/** Finds it again after a while, not at once: what cannot be told must not take the places of what can. */
async function putOffAlert(
  manager: EntityManager,
  { environment_id, directory_id, kind, repeat_days }: DueAlert,
): Promise<void> {
  await runStatement(
    manager,
    `INSERT INTO contact_alerts (environment_id, directory_id, kind, sent_time)
     VALUES ($1, $2, $3, now() - make_interval(days => $4, mins => -$5::integer))
     ON CONFLICT (environment_id, directory_id, kind) DO UPDATE SET sent_time = excluded.sent_time`,
    [environment_id, directory_id, kind, repeat_days, PUT_OFF_MINUTES],
  );
}

async function writeAlerts(manager: EntityManager, tools: AlertTools, alert: DueAlert): Promise<number> {
  const { environment_id: environmentId, organization_id: organizationId, directory_id: directoryId, kind } = alert;
  const directory = await manager.findOneByOrFail(Directory, { environmentId, id: directoryId });
  const organization = await manager.findOneByOrFail(Organization, { environmentId, id: organizationId });
  const counter = await manager.findOneBy(DirectoryCounter, { environmentId, directoryId });
  const settings = await readPortalSettings(manager, environmentId);
  const about = {
    kind,
    organization: organization.displayName,
    directory: directory.name,
    settings,
    endsAt: kind === 'token_expiring' ? await readNextEnd(manager, alert) : null,
    provider: describeSilence(directory.directoryProvider),
    held: counter?.deprovisioning?.counts.held ?? 0,
  };
  // By address, as everybody does who writes several: two that do so at once wait for each other in one order.
  const contacts = await manager.find(Contact, {
    where: { environmentId, organizationId, unsubscribeTime: IsNull() },
    order: { emailKey: 'ASC' },
  });
  let written = 0;
  for (const { id, email: to } of contacts) {
    const token = unsubscribeToken(tools.unsubscribeKeys, { environmentId, id });
    const text = composeAlertMail({ ...about, unsubscribeUrl: `${tools.publicUrl}/portal/unsubscribe#${token}` });
    const mail = { environmentId, organizationId, kind: 'contact_alert' as const, to, text, expiresIn: DAY };
    if (await isWritten(writeMail(manager, tools, mail))) written += 1;
  }
  return written;
}

/** An address that has got its share goes without this one, and the others get theirs. */
async function isWritten(writing: Promise<void>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'too_many_mails') return false;
    throw error;
  }
}

async function readNextEnd(manager: EntityManager, { environment_id, directory_id }: DueAlert): Promise<Date | null> {
  const { rows } = await runStatement<{ next: Date | null }>(
    manager,
    `SELECT min(expire_time) AS next FROM directory_secrets WHERE environment_id = $1 AND directory_id = $2
       AND revoked_time IS NULL AND replaced_time IS NULL AND expire_time > now()`,
    [environment_id, directory_id],
  );
  return rows[0]?.next ?? null;
}
