import type { DataSource } from '@rollcall/database';
import { copyConfiguration } from './copy-configuration';

/** How often it is looked whether anything has changed: by commands, or by another process. */
export const CONFIGURATION_LOOK_MS = 2_000;

export interface ConfigurationKeeper {
  /**
   * Resolves when the cell has what was committed in the control cell before the call; rejects with what keeps it from that. Calls that
   * come while the cell is being written share the next copy.
   */
  copy(): Promise<void>;
  /** Whether the last copy came to its end. False until the first one has. */
  isCurrent(): boolean;
  /** Looks no longer, and waits for the copy that is under way. */
  close(): Promise<void>;
}

/**
 * Keeps a cell's copy of the owner's configuration at what the control cell has, from now on: looks every two seconds, and when asked to.
 * @param options.onFailure told of each copy that failed, once until one comes to its end
 * @param options.onAway told each time that the cell does not answer at all
 */
export function keepConfiguration(
  control: DataSource,
  cell: DataSource,
  { onFailure, onAway }: { onFailure: (error: unknown) => void; onAway?: () => void },
): ConfigurationKeeper {
  let [isCurrent, isTold, isClosed] = [false, false, false];
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    try {
      await reach();
      await copyConfiguration(control, cell);
      [isCurrent, isTold] = [true, false];
    } catch (error) {
      isCurrent = false;
      if (!isTold && !isClosed) onFailure(error);
      isTold = true;
      throw error;
    }
  }

  /** Asked by itself, so that it is known whether the cell does not answer or the control cell. */
  async function reach(): Promise<void> {
    try {
      await cell.query('SELECT 1');
    } catch (error) {
      if (!isClosed) onAway?.();
      throw error;
    }
  }

  function begin(): Promise<void> {
    const begun = run().finally(() => (running = undefined));
    running = begun;
    return begun;
  }

  async function follow(before: Promise<void>): Promise<void> {
    await before.catch(() => undefined);
    next = undefined;
    return begin();
  }

  /** One that is under way may have read before what the caller wants copied was committed. */
  function copy(): Promise<void> {
    if (next) return next;
    if (!running) return begin();
    return (next = follow(running));
  }

  async function look(): Promise<void> {
    await copy().catch(() => undefined);
    if (!isClosed) timer = setTimeout(() => void look(), CONFIGURATION_LOOK_MS);
  }

  void look();
  return {
    copy,
    isCurrent: () => isCurrent,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await (next ?? running)?.catch(() => undefined);
    },
  };
}
