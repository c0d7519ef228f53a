import { setTimeout as sleep } from 'node:timers/promises';
import { DataDirInUseError, type EmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import type { Logger } from '@rollcall/platform';

export interface OpenDatabase {
  /** Migrates and owns. Unset: a database elsewhere that is migrated by somebody else. */
  readonly ownerUrl?: string;
  /** As the applications connect; of an embedded server it changes when that had to move to another port. */
  readonly appUrl: string;
  close(): Promise<void>;
}

export interface DatabaseEvents {
  readonly logger: Logger;
  /** The database is at another address now. */
  readonly onMoved: () => void;
  /** Another process owns the data directory: this one has to end. */
  readonly onTakenOver: (reason: string) => void;
}

const RETRY_MS = 1_000;

/** Starts the embedded server and starts it again whenever it is gone, until close(). */
export async function keepEmbeddedPostgres(dataDir: string, events: DatabaseEvents): Promise<OpenDatabase> {
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir });
  let state: 'open' | 'taken-over' | 'closing' = 'open';
  let restarting: Promise<void> | undefined;
  watch();

  function watch(): void {
    void server.lost.then(() => {
      if (state === 'open') restarting = restart();
    });
  }

  async function restart(): Promise<void> {
    const before = server.appUrl;
    events.logger.warn('the database is gone; starting it again');
    while (state === 'open') {
      try {
        server = await startEmbeddedPostgres({ dataDir });
        events.logger.info({ adopted: server.adopted }, 'the database is back');
        watch();
        if (server.appUrl !== before) events.onMoved();
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (error instanceof DataDirInUseError) {
          state = 'taken-over';
          events.onTakenOver(reason);
          return;
        }
        events.logger.error({ reason }, 'the database does not start');
        await sleep(RETRY_MS);
      }
    }
  }

  return {
    ownerUrl: server.ownerUrl,
    get appUrl() {
      return server.appUrl;
    },
    close: async () => {
      if (state === 'taken-over') return;
      state = 'closing';
      // A start under way is waited for: it would leave its server behind.
      await restarting;
      await server.stop();
    },
  };
}
