import { installRivals } from './install-rivals';
import type { ScimSystem } from './scim-system';
import { startDatabase } from './start-database';
import type { BenchDatabase } from './start-database';
import { startLimit } from './start-limit';
import { RIVALS, startRival } from './start-rival';
import type { Rival } from './start-rival';
import { stopPrograms } from './start-program';
import { startRollcall } from './start-rollcall';

export type SystemName = 'rollcall' | 'limit' | Rival;

/** What scenarios run in: one PostgreSQL, and the systems, each started at its first use and kept. */
export interface World {
  database: BenchDatabase;
  /** Whether scenarios should be small. */
  quick: boolean;
  /** The system, or null when it is not to be had here. */
  system(name: SystemName): Promise<ScimSystem | null>;
  /** Those of the systems that are to be had, in this order. */
  systems(names: readonly SystemName[]): Promise<ScimSystem[]>;
  /** The rivals that are not to be had here although they were asked for. */
  missing(): string[];
  /** Has something stopped with the world, which its scenario stops when it is neither failing nor interrupted. */
  atClose(stop: () => Promise<void>): void;
  /** Stops everything; PostgreSQL also when something else cannot be stopped. */
  close(): Promise<void>;
}

export interface WorldOptions {
  quick: boolean;
  /** Whether to compare with the rivals. */
  rivals: boolean;
  /** A folder for CPU profiles of the ingress. */
  profileFolder?: string;
  /** Where the built programs are. */
  programs?: string;
}

/** Installs the rivals and starts PostgreSQL; systems follow when they are asked for. */
export async function startWorld({ quick, rivals, profileFolder, programs }: WorldOptions): Promise<World> {
  // Before anything is started: a connection would time out meanwhile.
  const installed = rivals && installRivals();
  const missing = new Set<string>(rivals && !installed ? RIVALS : []);
  const database = await startDatabase();
  const started = new Map<SystemName, Promise<ScimSystem | null>>();
  const stops: (() => Promise<void>)[] = [];

  async function start(name: SystemName): Promise<ScimSystem | null> {
    if (name === 'rollcall')
      return startRollcall(database, { ...(profileFolder && { profileFolder }), ...(programs && { programs }) });
    if (name === 'limit') return startLimit(database, programs);
    if (!installed) return null;
    return startRival(database, name).catch((error: Error) => {
      missing.add(name);
      console.error(`         ${name} could not be started, so its rows stay empty: ${error.message}`);
      return null;
    });
  }

  function system(name: SystemName): Promise<ScimSystem | null> {
    const found = started.get(name) ?? start(name);
    started.set(name, found);
    return found;
  }

  return {
    database,
    quick,
    system,
    systems: async (names) => {
      const found = await Promise.all(names.map(system));
      return found.filter((one) => one !== null);
    },
    missing: () => [...missing],
    atClose: (stop) => void stops.push(stop),
    close: async () => {
      try {
        for (const one of await Promise.allSettled(started.values())) {
          if (one.status === 'fulfilled') await one.value?.stop();
        }
        await stopPrograms();
        await Promise.all(stops.map((stop) => stop()));
      } finally {
        await database.stop();
      }
    },
  };
}
