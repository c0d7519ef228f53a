import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort, isPortFree, StartError } from '@rollcall/embedded-postgres';
import { type Config, withListeningPort } from '@rollcall/platform';

/** The ingress of a server that was killed finishes what it has in flight, which takes up to this long. */
const PATIENCE_MS = 10_000;

/**
 * Makes the port concrete (0 = any) and waits until it can be listened on, saying so. Throws a StartError when somebody
 * else keeps it.
 */
export async function resolveAddress(
  config: Config,
  { say, signal }: { say: (text: string) => void; signal: AbortSignal },
): Promise<Config> {
  const { host, port } = config;
  if (port === 0) return withListeningPort(config, await findFreePort(0, host));
  const deadline = Date.now() + PATIENCE_MS;
  if (!(await isPortFree(port, host))) say(`Waiting for another program to leave ${host}:${port}.`);
  while (!(await isPortFree(port, host))) {
    signal.throwIfAborted();
    if (Date.now() > deadline) throw portTaken(config);
    await sleep(100);
  }
  return config;
}

/**
 * Throws a StartError when somebody listens where this server is to listen: for a start that has no one before it whose port it would
 * wait for.
 */
export async function refuseTakenPort(config: Config): Promise<void> {
  if (config.port !== 0 && !(await isPortFree(config.port, config.host))) throw portTaken(config);
}

function portTaken({ host, port }: Config): StartError {
  return new StartError(`Another program listens on ${host}:${port}: stop it or choose another PORT.`);
}
