import type { DataSource } from '@rollcall/database';
import type { StoredMessage } from '@rollcall/management';
import { findDueMails, finishMail, leaseMail } from '@rollcall/pipeline-store';
import type { DueMail, LeasedMail, MailOutcome } from '@rollcall/pipeline-store';
import type { Logger, Sealer } from '@rollcall/platform';
import type { MailSender } from './create-mail-sender';

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

/** Sends what is due, one after the other. What a process was killed over is sent again when its lease is over: at least once. */
export async function sendMails(work: MailWork, signal: AbortSignal): Promise<void> {
  for (const mail of await findDueMails(work.dataSource, BATCH)) {
    if (signal.aborted) return;
    await sendMail(work, mail);
  }
}

async function sendMail({ dataSource, sealer, sender, logger }: MailWork, due: DueMail): Promise<void> {
  const mail = await leaseMail(dataSource, due, LEASE_SECONDS);
  if (!mail) return;
  const message = JSON.parse(sealer.open(mail.sealedMessage, 'mail', mail.id)) as StoredMessage;
  const result = await sender.send(message);
  const outcome: MailOutcome = result.state === 'failed' ? decideRetry(mail, result) : result;
  await finishMail(dataSource, mail, outcome);
  logger.info(
    {
      environment_id: mail.environmentId,
      mail_id: mail.id,
      attempt: mail.attempts,
      state: outcome.state,
      ...(outcome.state === 'failed' && { failure: outcome.failure, retry_in_seconds: outcome.retryInSeconds ?? null }),
    },
    'mail',
  );
}

function decideRetry(
  { attempts }: LeasedMail,
  { failure, isFinal }: { failure: string; isFinal: boolean },
): Extract<MailOutcome, { state: 'failed' }> {
  return { state: 'failed', failure, retryInSeconds: isFinal ? undefined : RETRIES[attempts - 1] };
}
