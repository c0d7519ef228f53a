import { systemClock } from '@rollcall/platform';
import type { Config, Logger } from '@rollcall/platform';
import {
  clearOldAnswers,
  deleteExpiredRows,
  dropOldAuditPartitions,
  dropOldLogPartitions,
  ensureLogPartitions,
  isLockTimeout,
} from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { IDEMPOTENCY_KEPT_HOURS } from '@rollcall/management';
import {
  announceExpiringSecrets,
  deleteOldIdempotencyKeys,
  deleteOldMails,
  deleteOldTraffic,
} from '@rollcall/pipeline-store';
import type { EndpointKey } from '@rollcall/pipeline-store';
import { logFailure } from '../log-failure';

/** What was sent is of use to whoever asks where it is; the text is gone by then. */
const MAILS_KEPT_DAYS = 7;

/** Of an environment that sends more requests with a key in a day the oldest are forgotten: each may take 45 kB, most take one. */
const IDEMPOTENCY_KEYS_KEPT = 10_000;

export interface MaintainDependencies {
  dataSource: DataSource;
  config: Pick<Config, 'eventRetentionDays' | 'auditRetentionDays' | 'responseRetentionDays'>;
  logger: Logger;
  /** Hears of each endpoint that has the announcement of an expiring secret to deliver. */
  deliverEndpoint: (key: EndpointKey) => void;
}

/**
 * Makes partitions ahead, ends what is older than its retention, and announces secrets that expire. One after the other, what may take
 * long last: there are few connections for it. What fails keeps nothing else from its turn. `signal` ends it between two batches.
 */
export async function maintain(dependencies: MaintainDependencies, signal: AbortSignal): Promise<void> {
  const { dataSource, logger } = dependencies;
  const chore = (name: string, running: Promise<unknown>) => logFailure(logger, name, {}, running);
  await chore('partitions', turnPartitions(dependencies));
  await chore('expiring_secrets', announceExpiring(dependencies));
  await chore('old_mails', deleteOldMails(dataSource, MAILS_KEPT_DAYS, signal));
  const bounds = { hours: IDEMPOTENCY_KEPT_HOURS, kept: IDEMPOTENCY_KEYS_KEPT };
  await chore('old_idempotency_keys', deleteOldIdempotencyKeys(dataSource, bounds, signal));
  await chore('old_traffic', deleteOldTraffic(dataSource, systemClock(), signal));
  await chore('old_rows', deleteExpired(dependencies, signal));
  await chore('old_answers', clearAnswers(dependencies, signal));
}

/** Makes the partitions of the logs that are needed soon. */
export function makePartitions({
  dataSource,
  logger,
}: Pick<MaintainDependencies, 'dataSource' | 'logger'>): Promise<void> {
  return whileUnlocked(logger, ensureLogPartitions(dataSource), undefined);
}

async function turnPartitions(dependencies: MaintainDependencies): Promise<void> {
  await makePartitions(dependencies);
  const { dataSource, config, logger } = dependencies;
  const { eventRetentionDays, auditRetentionDays } = config;
  const dropped = [
    ...(await whileUnlocked(logger, dropOldLogPartitions(dataSource, eventRetentionDays), [])),
    ...(await whileUnlocked(logger, dropOldAuditPartitions(dataSource, auditRetentionDays), [])),
  ];
  if (dropped.length > 0) logger.info({ partitions: dropped }, 'retention.dropped');
}

/** Makes or drops partitions. While somebody else has the logs locked nothing is done: there is time for another try. */
async function whileUnlocked<T>(logger: Logger, work: Promise<T>, nothing: T): Promise<T> {
  return work.catch((error: unknown) => {
    if (!isLockTimeout(error)) throw error;
    logger.warn({ err: error }, 'partitions.locked');
    return nothing;
  });
}

async function announceExpiring({ dataSource, deliverEndpoint }: MaintainDependencies): Promise<void> {
  for (const key of await announceExpiringSecrets(dataSource)) deliverEndpoint(key);
}

async function deleteExpired({ dataSource, config, logger }: MaintainDependencies, signal: AbortSignal): Promise<void> {
  const deleted = await deleteExpiredRows(dataSource, config.eventRetentionDays, signal);
  if (deleted > 0) logger.info({ deleted }, 'retention.deleted');
}

async function clearAnswers({ dataSource, config, logger }: MaintainDependencies, signal: AbortSignal): Promise<void> {
  const cleared = await clearOldAnswers(dataSource, config.responseRetentionDays, signal);
  if (cleared > 0) logger.info({ cleared }, 'retention.cleared');
}
