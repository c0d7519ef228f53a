import { asOwner } from './bootstrap-database';
import { checkRestored } from './check-restored';
import { readServerIdentity } from './server-identity';

/**
 * Notes that the database came with all that it had to the server it is on now, so that its epochs stay and nobody is warned of the
 * move. Throws AppError `database_restored` for a database that only `settleRestore` makes safe.
 */
export async function acceptServer(ownerUrl: string): Promise<void> {
  await asOwner(ownerUrl, async (dataSource) => {
    await checkRestored(dataSource);
    await dataSource.query('UPDATE installation SET system_identifier = $1', [await readServerIdentity(dataSource)]);
  });
}
