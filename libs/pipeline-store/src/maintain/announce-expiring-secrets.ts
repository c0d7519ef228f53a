import type { DataSource } from 'typeorm';
import { publicId } from '@rollcall/platform';
import { Directory, DirectorySecret, tenantTransaction } from '@rollcall/database';
import type { EndpointKey } from '../deliver/endpoint-key';
import { writeOperationalEvent } from '../deliver/write-operational-event';

/** How many days before a directory's token ends its owner is warned. */
const WARNING_DAYS = [14, 7, 1];
/** Tokens looked up at one time. */
const BATCH = 100;

interface ExpiringSecret {
  environment_id: string;
  directory_id: string;
  secret_id: string;
  days: number;
}

/**
 * Writes `secret.expiring` for each token that has come to one of its warnings, once each: the warning is stored with the
 * event. Returns the endpoints that have something to deliver.
 */
export async function announceExpiringSecrets(dataSource: DataSource): Promise<EndpointKey[]> {
  const notified: EndpointKey[] = [];
  for (;;) {
    const expiring = await dataSource.query<ExpiringSecret[]>(
      'SELECT environment_id, directory_id, secret_id, days FROM find_expiring_secrets($1, $2)',
      [WARNING_DAYS, BATCH],
    );
    for (const secret of expiring) {
      const endpointIds = await announceSecret(dataSource, secret);
      notified.push(...endpointIds.map((endpointId) => ({ environmentId: secret.environment_id, endpointId })));
    }
    if (expiring.length < BATCH) return notified;
  }
}

/** Under the secret's lock, so that of several workers one warns, and a secret that was revoked meanwhile is left alone. */
async function announceSecret(
  dataSource: DataSource,
  { environment_id: environmentId, directory_id: directoryId, secret_id: id, days }: ExpiringSecret,
): Promise<string[]> {
  return tenantTransaction(dataSource, { environmentId, directoryId }, async (manager) => {
    const where = { environmentId, directoryId, id };
    const secret = await manager.findOne(DirectorySecret, { where, lock: { mode: 'pessimistic_write' } });
    if (!secret?.expireTime || secret.revokedTime || (secret.expiryWarnedDays ?? Infinity) <= days) return [];
    const directory = await manager.findOneByOrFail(Directory, { environmentId, id: directoryId });
    await manager.update(DirectorySecret, where, { expiryWarnedDays: days });
    return writeOperationalEvent(manager, {
      environmentId,
      organizationId: directory.organizationId,
      directoryId,
      type: 'secret.expiring',
      subjectId: id,
      occurredAt: new Date(),
      data: {
        id: publicId('sec', id),
        organization_id: publicId('org', directory.organizationId),
        directory_id: publicId('dir', directoryId),
        secret_suffix: secret.secretSuffix,
        name: secret.name,
        expire_time: secret.expireTime.toISOString(),
        days,
      },
    });
  });
}
