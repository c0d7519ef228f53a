import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, withListeningPort } from '@rollcall/platform';
import { findFreePort, isPortFree } from '../find-free-port';
import { StartError } from '../start-error';

/** The ingress of a server that was killed finishes what it has in flight, which takes up to this long. */
const PATIENCE_MS = 10_000;

/**
 * Makes the port concrete (0 = any) and waits until it can be listened on. Throws a StartError when somebody else keeps
 * it.
 */
export async function resolveAddress(config: Config, signal: AbortSignal): Promise<Config> {
  if (config.port === 0) return withListeningPort(config, await findFreePort(0, config.host));
  for (const deadline = Date.now() + PATIENCE_MS; !(await isPortFree(config.port, config.host)); await sleep(100)) {
    signal.throwIfAborted();
    if (Date.now() < deadline) continue;
    throw new StartError(`Another program listens on ${config.host}:${config.port}: stop it or choose another PORT.`);
  }
  return config;
}
