import type { DataSource } from 'typeorm';
import { runStatement, tenantTransaction } from '@rollcall/database';

export interface DueMail {
  environmentId: string;
  id: string;
}

export interface LeasedMail extends DueMail {
  sealedMessage: string;
  /** This attempt included. */
  attempts: number;
}

/** Of one environment at one time. */
const EACH = 5;

/** The mails that are to be sent now, whosever they are. */
export async function findDueMails(dataSource: DataSource, limit: number): Promise<DueMail[]> {
  const found = await dataSource.query<{ environment_id: string; mail_id: string }[]>(
    'SELECT environment_id, mail_id FROM find_due_mails($1, $2)',
    [EACH, limit],
  );
  return found.map(({ environment_id: environmentId, mail_id: id }) => ({ environmentId, id }));
}

/**
 * Takes a mail for an attempt: no other worker sends it until the lease is over, after which one that was killed has lost it. Null when
 * another has it already, or when nobody has a use for it any more, which ends it.
 */
export async function leaseMail(
  dataSource: DataSource,
  { environmentId, id }: DueMail,
  leaseSeconds: number,
): Promise<LeasedMail | null> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    await runStatement(
      manager,
      `UPDATE mails SET state = 'failed', failure = coalesce(failure, 'expired'), sealed_message = NULL, finish_time = now()
       WHERE environment_id = $1 AND id = $2 AND state = 'pending' AND expire_time <= now()`,
      [environmentId, id],
    );
    const { rows } = await runStatement<{ sealed_message: string; attempts: number }>(
      manager,
      `UPDATE mails SET attempts = attempts + 1, next_attempt_time = now() + make_interval(secs => $3)
       WHERE environment_id = $1 AND id = $2 AND state = 'pending' AND next_attempt_time <= now()
       RETURNING sealed_message, attempts`,
      [environmentId, id, leaseSeconds],
    );
    const [row] = rows;
    return row ? { environmentId, id, sealedMessage: row.sealed_message, attempts: row.attempts } : null;
  });
}
