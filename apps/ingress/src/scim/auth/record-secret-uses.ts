import type { Logger } from '@rollcall/platform';
import { touchSecrets } from '@rollcall/scim-store';
import type { ScimCaller } from '@rollcall/scim-store';
import type { Pool } from '@rollcall/database';

/** Notes that a secret was used. It is written a moment later, together with other uses. */
export type SecretUseRecorder = (caller: ScimCaller) => void;

/** Uses are gathered so long: one statement then records those of many directories, and of many requests of one. */
const GATHER_MS = 100;

/** A recorder of `last_used_time`. A failure is only logged: the next use after it is recorded again. */
export function createSecretUseRecorder(context: { pool: Pool; logger: Logger }): SecretUseRecorder {
  const used = new Map<string, ScimCaller>();

  function write(): void {
    const callers = [...used.values()];
    used.clear();
    touchSecrets(context.pool, callers).catch((error: unknown) => {
      context.logger.warn({ err: error, secrets: callers.length }, 'could not record the use of secrets');
    });
  }

  return (caller) => {
    if (used.size === 0) setTimeout(write, GATHER_MS).unref();
    used.set(`${caller.directoryId} ${caller.secretId}`, caller);
  };
}
