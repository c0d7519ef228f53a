import { StartError } from '@rollcall/embedded-postgres';
import { RollcallError } from '@rollcall/sdk';
import type { CommandRequest, ServerCommandName } from '../administer/commands';
import { apply } from './apply';
import type { ServerRequest } from './connect-to-server';
import { listen } from './listen';
import { seed } from './seed';
import { trigger } from './trigger';

type Action = (request: ServerRequest, values: CommandRequest['values']) => Promise<void>;

const ACTIONS: Readonly<Record<ServerCommandName, Action>> = { listen, trigger, seed, apply };

/**
 * Does what a command says on a running server, until it is done or the process is told to end.
 * @throws StartError also for what the server refuses, or when it cannot be reached, or the command was ended half way
 */
export async function runOnServer(name: ServerCommandName, { values, ...request }: CommandRequest): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    await ACTIONS[name]({ ...request, signal: ending.signal }, values);
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') {
      throw new StartError('Stopped; what was done stays done.');
    }
    if (!(error instanceof RollcallError)) throw error;
    throw new StartError(`The server refused: ${error.message} (${error.code})`);
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}
