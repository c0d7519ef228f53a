import { asOwner } from './bootstrap-database';

/**
 * Does work that one process at a time may do, such as an import into an environment. The lock is an advisory one of a connection of the
 * owner's that does nothing else, and ends with it, however the process ends.
 * @param subject what is locked
 * @param refuse makes what is thrown when somebody else does it already
 */
export async function doAlone<Result>(
  ownerUrl: string,
  subject: string,
  work: () => Promise<Result>,
  refuse: () => Error,
): Promise<Result> {
  return asOwner(ownerUrl, async (dataSource) => {
    const lock = dataSource.createQueryRunner();
    try {
      const [row] = (await lock.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [subject])) as {
        taken: boolean;
      }[];
      if (!row?.taken) throw refuse();
      return await work();
    } finally {
      await lock.release();
    }
  });
}
