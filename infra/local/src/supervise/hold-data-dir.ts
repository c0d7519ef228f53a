import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimOwnership, DataDirInUseError } from '@rollcall/embedded-postgres';
import { Client } from 'pg';

export interface DataDirHold {
  release(): Promise<void>;
}

const PATIENCE_MS = 2_000;
const RETRY_MS = 1_000;

/**
 * Makes this process the only `npm start` on a data directory whose database is elsewhere, through a lock in that
 * database, which ends with the process. Throws a DataDirInUseError while another one is; calls `onTakenOver` when the
 * connection was lost and another one came first.
 */
export async function holdDataDir(
  databaseUrl: string,
  dataDir: string,
  onTakenOver: (reason: string) => void,
): Promise<DataDirHold> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const place = await realpath(dataDir);
  // Directories of one name on two machines are two.
  const key = createHash('sha256').update(`${hostname()}:${place}`).digest().readBigInt64BE().toString();
  const holding = new AbortController();
  let client = await claim();

  async function claim(): Promise<Client> {
    const connection = new Client({ connectionString: databaseUrl, application_name: 'rollcall start' });
    connection.on('error', () => undefined);
    await connection.connect();
    if (await claimOwnership(connection, PATIENCE_MS, key)) {
      connection.once('end', () => void reclaim());
      return connection;
    }
    await connection.end();
    throw new DataDirInUseError(place);
  }

  async function reclaim(): Promise<void> {
    while (!holding.signal.aborted) {
      try {
        client = await claim();
        return;
      } catch (error) {
        if (error instanceof DataDirInUseError) {
          onTakenOver(error.message);
          return;
        }
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  return {
    release: async () => {
      holding.abort();
      await client.end();
    },
  };
}
