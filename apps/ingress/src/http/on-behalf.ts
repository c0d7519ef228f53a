import { AsyncLocalStorage } from 'node:async_hooks';
import type { AdmittedClient } from '@rollcall/management';

/** What this process adds to a request that it makes of a cell in the name of another; nothing that is sent can say it. */
export interface Addition {
  /** Whom another cell has admitted; this one does not know who that is. */
  client?: AdmittedClient;
  /** Another cell's audit log tells of what it changes. */
  isRecordedElsewhere?: true;
}

const additions = new AsyncLocalStorage<Addition>();

/** Makes requests of a cell with that addition. */
export function onBehalf<T>(addition: Addition, ask: () => Promise<T>): Promise<T> {
  return additions.run(addition, ask);
}

/** The addition of the request that is served; empty for every one that came from outside. */
export function readAddition(): Addition {
  return additions.getStore() ?? {};
}
