import { In, IsNull } from 'typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { PROVIDER_IDS } from '@rollcall/contract';
import { Contact, Directory, Organization, readNow, runStatement, tenantTransaction } from '@rollcall/database';
import { decideAlerts, describeSilence, silenceLimitMs } from '@rollcall/directory';
import type { Alert } from '@rollcall/directory';
import { AppError, publicId } from '@rollcall/platform';
import type { DerivedKeys, Logger } from '@rollcall/platform';
import { viewDirectories } from '../directories/find-directory';
import type { DirectoryView } from '../directories/find-directory';
import { healthFactsOf } from '../directories/health-of';
import { writeMail } from '../mail/write-mail';
import type { MailTools } from '../mail/write-mail';
import { readPortalSettings } from '../portal-settings/find-portal-settings';
import { composeAlertMail } from './compose-alert-mail';
import { unsubscribeToken } from './unsubscribe';

export interface AlertTools extends MailTools {
  /** Sign the way out of these mails. */
  unsubscribeKeys: DerivedKeys;
  publicUrl: string;
  logger: Logger;
}

/** Directories that are looked at together. */
const BATCH = 100;
const DAY = 86_400;
/** After which an alert that reached nobody is tried again. */
const PUT_OFF_MINUTES = 15;

/** How long each provider may send nothing while all is well. */
const SILENCE_SECONDS = Object.fromEntries(
  PROVIDER_IDS.map((provider) => [provider, silenceLimitMs(provider) / 1_000]),
);

/** An alert of a directory. */
interface DirectoryAlert extends Alert {
  view: DirectoryView;
}

/**
 * Writes the mails that contacts are to get now. Does nothing where no mails are sent. One that fails is logged and put off, and the
 * others are written. Returns how many were written.
 * @param signal stops between two directories
 */
export async function alertContacts(dataSource: DataSource, tools: AlertTools, signal?: AbortSignal): Promise<number> {
  if (tools.settings.transport === 'none') return 0;
  let written = 0;
  for (let after: Suspect | undefined; ;) {
    const suspects = await findSuspects(dataSource, after);
    for (const [environmentId, ids] of byEnvironment(suspects)) {
      for (const alert of await decideOrLog(dataSource, tools, environmentId, ids)) {
        if (signal?.aborted) return written;
        written += await tellOrPutOff(dataSource, tools, alert);
      }
    }
    if (suspects.length < BATCH) return written;
    after = suspects.at(-1);
  }
}

interface Suspect {
  environment_id: string;
  directory_id: string;
}

async function findSuspects(dataSource: DataSource, after: Suspect | undefined): Promise<Suspect[]> {
  return dataSource.query<Suspect[]>('SELECT environment_id, directory_id FROM find_alert_suspects($1, $2, $3, $4)', [
    JSON.stringify(SILENCE_SECONDS),
    after?.environment_id ?? '',
    after?.directory_id ?? '',
    BATCH,
  ]);
}

function byEnvironment(suspects: readonly Suspect[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { environment_id: environmentId, directory_id: id } of suspects) {
    ids.set(environmentId, [...(ids.get(environmentId) ?? []), id]);
  }
  return ids;
}

/** An environment whose directories cannot be read keeps no other from being told. */
async function decideOrLog(
  dataSource: DataSource,
  { logger }: AlertTools,
  environmentId: string,
  ids: readonly string[],
): Promise<DirectoryAlert[]> {
  try {
    return await decideAlertsOf(dataSource, environmentId, ids);
  } catch (error) {
    logger.error({ err: error, environment_id: publicId('env', environmentId) }, 'alerts.not_decided');
    return [];
  }
}

/** From the same facts as the health that everybody is shown. */
async function decideAlertsOf(
  dataSource: DataSource,
  environmentId: string,
  ids: readonly string[],
): Promise<DirectoryAlert[]> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const directories = await manager.findBy(Directory, { environmentId, id: In([...ids]), deletedTime: IsNull() });
    const views = await viewDirectories(manager, environmentId, directories);
    const now = await readNow(manager);
    return views.flatMap((view) => {
      const facts = { ...healthFactsOf(view), heldSince: heldSince(view) };
      return decideAlerts(facts, now).map((alert) => ({ ...alert, view }));
    });
  });
}

function heldSince({ deprovisioning: { hold } }: DirectoryView): Date | null {
  return hold && new Date(hold.since);
}

async function tellOrPutOff(dataSource: DataSource, tools: AlertTools, alert: DirectoryAlert): Promise<number> {
  const { environmentId, id: directoryId } = alert.view.directory;
  const inTransaction = <T>(work: (manager: EntityManager) => Promise<T>) =>
    tenantTransaction(dataSource, { environmentId, directoryId }, work);
  try {
    return await inTransaction((manager) => tellContacts(manager, tools, alert));
  } catch (error) {
    const subject = {
      environment_id: publicId('env', environmentId),
      directory_id: publicId('dir', directoryId),
      kind: alert.kind,
    };
    tools.logger.error({ err: error, ...subject }, 'alert.failed');
    await inTransaction((manager) => putOffAlert(manager, alert)).catch((cause: unknown) =>
      tools.logger.error({ err: cause, ...subject }, 'alert.not_put_off'),
    );
    return 0;
  }
}

/** When every address has got its share of mails, so that nobody was told, the alert is due again soon. */
async function tellContacts(manager: EntityManager, tools: AlertTools, alert: DirectoryAlert): Promise<number> {
  if (!(await claimAlert(manager, alert))) return 0;
  const written = await writeAlerts(manager, tools, alert);
  if (written === 0) await putOffAlert(manager, alert);
  return written;
}

/** Of several workers that find the same, one has it. What is another failure than was told of does not wait until that is repeated. */
async function claimAlert(
  manager: EntityManager,
  { kind, since, repeatHours, quietHours, view: { directory } }: DirectoryAlert,
): Promise<boolean> {
  const { rows } = await runStatement(
    manager,
    `INSERT INTO contact_alerts AS a (environment_id, directory_id, kind) VALUES ($1, $2, $3)
     ON CONFLICT (environment_id, directory_id, kind) DO UPDATE SET sent_time = now(), put_off_until = NULL
       WHERE coalesce(a.put_off_until <= now(), a.sent_time <= greatest(now() - make_interval(hours => $4),
         least($5::timestamptz, now() - make_interval(hours => $6)))) RETURNING 1`,
    [directory.environmentId, directory.id, kind, repeatHours, since, quietHours],
  );
  return rows.length > 0;
}

/** Finds it again after a while, not at once: what cannot be told must not take the places of what can. */
async function putOffAlert(manager: EntityManager, { kind, view: { directory } }: DirectoryAlert): Promise<void> {
  await runStatement(
    manager,
    `INSERT INTO contact_alerts (environment_id, directory_id, kind, put_off_until)
     VALUES ($1, $2, $3, now() + make_interval(mins => $4))
     ON CONFLICT (environment_id, directory_id, kind) DO UPDATE SET put_off_until = excluded.put_off_until`,
    [directory.environmentId, directory.id, kind, PUT_OFF_MINUTES],
  );
}

async function writeAlerts(manager: EntityManager, tools: AlertTools, alert: DirectoryAlert): Promise<number> {
  const { directory, deprovisioning } = alert.view;
  const { environmentId, organizationId } = directory;
  const organization = await manager.findOneByOrFail(Organization, { environmentId, id: organizationId });
  const about = {
    kind: alert.kind,
    organization: organization.displayName,
    directory: directory.name,
    settings: await readPortalSettings(manager, environmentId),
    endsAt: alert.endsAt,
    provider: describeSilence(directory.directoryProvider),
    held: deprovisioning.counts.held,
  };
  // By address, as everybody does who writes several: two that do so at once wait for each other in one order. Locked, so that whoever
  // is removed or unsubscribes meanwhile waits, and recalls what is written here.
  const contacts = await manager.find(Contact, {
    where: { environmentId, organizationId, unsubscribeTime: IsNull() },
    order: { emailKey: 'ASC' },
    lock: { mode: 'pessimistic_read' },
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
