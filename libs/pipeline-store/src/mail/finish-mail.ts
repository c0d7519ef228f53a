import type { DataSource } from 'typeorm';
import { runStatement, tenantTransaction } from '@rollcall/database';
import type { DueMail } from './lease-mail';

/**
 * How an attempt ended. `kept`: it stands in the development mailbox, text and all. `failed` names the reason without an address;
 * without `retryInSeconds` it is given up.
 */
export type MailOutcome =
  | { state: 'sent' }
  | { state: 'kept' }
  | { state: 'failed'; failure: string; retryInSeconds?: number };

/** Stores how the attempt of a leased mail has ended. The text of one that is over is removed. */
export async function finishMail(
  dataSource: DataSource,
  { environmentId, id }: DueMail,
  outcome: MailOutcome,
): Promise<void> {
  const failure = outcome.state === 'failed' ? outcome.failure : null;
  const retryInSeconds = outcome.state === 'failed' ? outcome.retryInSeconds : undefined;
  await tenantTransaction(dataSource, { environmentId }, async (manager) => {
    if (retryInSeconds !== undefined) {
      await runStatement(
        manager,
        `UPDATE mails SET next_attempt_time = now() + make_interval(secs => $3), failure = $4
         WHERE environment_id = $1 AND id = $2 AND state = 'pending'`,
        [environmentId, id, retryInSeconds, failure],
      );
      return;
    }
    await runStatement(
      manager,
      `UPDATE mails SET state = $3, failure = $4, finish_time = now(),
         sealed_message = CASE WHEN $5 THEN sealed_message END
       WHERE environment_id = $1 AND id = $2 AND state = 'pending'`,
      [environmentId, id, failure === null ? 'sent' : 'failed', failure, outcome.state === 'kept'],
    );
  });
}
