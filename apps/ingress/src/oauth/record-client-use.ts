import type { Logger } from '@rollcall/platform';
import type { DataSource } from '@rollcall/database';
import { touchApiClient } from '@rollcall/management';
import type { AdmittedClient } from '@rollcall/management';

/** Notes that an API client was used; nobody waits for it. */
export type ClientUseRecorder = (client: Pick<AdmittedClient, 'environmentId' | 'id'>) => void;

/** A recorder of `last_used_time`, one statement per client at a time. A failure is only logged: the next use is noted again. */
export function createClientUseRecorder(dataSource: DataSource, logger: Logger): ClientUseRecorder {
  const underWay = new Set<string>();
  return ({ environmentId, id }) => {
    if (underWay.has(id)) return;
    underWay.add(id);
    touchApiClient(dataSource, { environmentId, id })
      .catch((error: unknown) => logger.warn({ err: error }, 'could not record the use of an API client'))
      .finally(() => underWay.delete(id));
  };
}
