import type { DataSource } from '@rollcall/database';
import type { StoredMessage } from '@rollcall/management';
import { findDueMails, finishMail, leaseMail } from '@rollcall/pipeline-store';
import type { DueMail, LeasedMail, MailOutcome } from '@rollcall/pipeline-store';
import { publicId } from '@rollcall/platform';
import type { Logger, Sealer } from '@rollcall/platform';
import type { MailSender, SendResult } from './create-mail-sender';

export interface MailWork {
  dataSource: DataSource;
  sealer: Sealer;
  sender: MailSender;
  logger: Logger;
}

const BATCH = 20;
/** Longer than an attempt can take. */
const LEASE_SECONDS = 90;
/** Seconds after the first, second, … failed attempt; then it is given up. */
const RETRIES = [10, 60, 300, 1_800, 7_200, 21_600];

/**
 * Sends what is due, one after the other. What a process was killed over is sent again when its lease is over: at least once. One that
 * fails is logged and keeps no other waiting.
 */
export async function sendMails(work: MailWork, signal: AbortSignal): Promise<void> {
  for (const mail of await findDueMails(work.dataSource, BATCH)) {
    if (signal.aborted) return;
    try {
      await sendMail(work, mail);
    } catch (error) {
      work.logger.error({ err: error, ...subjectOf(mail) }, 'mail.failed');
    }
  }
}

function subjectOf({ environmentId, id }: DueMail): object {
  return { environment_id: publicId('env', environmentId), mail_id: publicId('mail', id) };
}

async function sendMail({ dataSource, sealer, sender, logger }: MailWork, due: DueMail): Promise<void> {
  const mail = await leaseMail(dataSource, due, LEASE_SECONDS);
  if (!mail) return;
  const message = openMessage(sealer, mail);
  const result: SendResult = message
    ? await sender.send(message)
    : { state: 'failed', failure: 'unreadable', isFinal: false };
  const outcome: MailOutcome = result.state === 'failed' ? decideRetry(mail, result) : result;
  await finishMail(dataSource, mail, outcome);
  logger.info(
    {
      ...subjectOf(mail),
      attempt: mail.attempts,
      state: outcome.state,
      ...(outcome.state === 'failed' && { failure: outcome.failure, retry_in_seconds: outcome.retryInSeconds ?? null }),
    },
    'mail',
  );
}

/**
 * Null for a mail that this process cannot read. Another attempt may: while a key is exchanged a worker does not know the newest one yet.
 */
function openMessage(sealer: Sealer, { id, sealedMessage }: LeasedMail): StoredMessage | null {
  try {
    return JSON.parse(sealer.open(sealedMessage, 'mail', id)) as StoredMessage;
  } catch {
    return null;
  }
}

function decideRetry(
  { attempts }: LeasedMail,
  { failure, isFinal }: { failure: string; isFinal: boolean },
): Extract<MailOutcome, { state: 'failed' }> {
  return { state: 'failed', failure, retryInSeconds: isFinal ? undefined : RETRIES[attempts - 1] };
}
