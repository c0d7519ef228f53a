import type { Target } from '../load/drive-load';
import type { Measured } from '../load/measure-load';

/** A directory of a system under test, empty when made. */
export interface Directory extends Target {
  directoryId: string;
}

/** A running SCIM server under test, with a database of its own on the run's PostgreSQL. */
export interface ScimSystem extends Measured {
  name: string;
  /** Makes a directory with a token. */
  createDirectory(): Promise<Directory>;
  /**
   * Fills a directory with the users `buildOktaUser(first … first + count - 1)`, past HTTP where the system allows it, as
   * they would be stored. Returns their ids in this order.
   */
  seedUsers(directory: Directory, count: number, first?: number): Promise<string[]>;
  /** Makes a group with these members; its id. */
  seedGroup(directory: Directory, displayName: string, memberIds: readonly string[]): Promise<string>;
  /** Tells PostgreSQL's planner about what was seeded, and lets it tidy up. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}
