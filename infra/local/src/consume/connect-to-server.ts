import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '@rollcall/embedded-postgres';
import type { Config } from '@rollcall/platform';
import { createRollcallClient } from '@rollcall/sdk';
import type { RollcallClient } from '@rollcall/sdk';
import { object, text } from './read-shape';

/** A running server, and what a command may do there. */
export interface Server {
  readonly client: RollcallClient;
  readonly baseUrl: string;
  /** The credential: what is derived from it stays the same as long as it does. */
  readonly credential: string;
}

/** What every command is given that works on a running server, through its API like any program. */
export interface ServerRequest {
  readonly config: Pick<Config, 'publicUrl' | 'dataDir'>;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (text: string) => void;
  /** Tells what is no result: on stderr, so that a program can read the rest. */
  readonly note: (text: string) => void;
  /** Aborts when the command is to end. */
  readonly signal: AbortSignal;
}

/**
 * The server of `--url`, else of PUBLIC_URL; with the key in ROLLCALL_API_KEY, else, for the server of PUBLIC_URL alone, with the client
 * that its first start wrote to `DATA_DIR/bootstrap.json`. Opens no connection yet.
 * @throws StartError when there is neither, or the address is none
 */
export async function connectToServer({ config, env }: ServerRequest, url?: string): Promise<Server> {
  const baseUrl = url ?? config.publicUrl;
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new StartError('--url must be the address of a Rollcall server, such as https://rollcall.example.com.');
  }
  const apiKey = env['ROLLCALL_API_KEY']?.trim();
  if (apiKey) return { client: createRollcallClient({ baseUrl, apiKey }), baseUrl, credential: apiKey };
  if (new URL(baseUrl).origin !== new URL(config.publicUrl).origin) {
    throw new StartError(
      `Set ROLLCALL_API_KEY to the key of an API client of ${baseUrl}: the client in ${config.dataDir} is for ${config.publicUrl} (PUBLIC_URL) alone.`,
    );
  }
  const { client_id: clientId, client_secret: clientSecret } = await readBootstrap(config.dataDir);
  const client = createRollcallClient({ baseUrl, clientId, clientSecret });
  return { client, baseUrl, credential: clientSecret };
}

interface Bootstrap {
  client_id: string;
  client_secret: string;
}

/** Throws a StartError for what holds no credentials. */
function readCredentials(content: unknown): Bootstrap {
  const { client_id: id, client_secret: secret } = object(content, '');
  return { client_id: text(id, 'client_id'), client_secret: text(secret, 'client_secret') };
}

async function readBootstrap(dataDir: string): Promise<Bootstrap> {
  const path = join(dataDir, 'bootstrap.json');
  const insteadOf = (why: string) =>
    new StartError(
      `Set ROLLCALL_API_KEY to the key of an API client (npm run rollcall -- create-client makes one): ${why}.`,
    );
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw insteadOf(
      code === 'ENOENT' ? `there is no ${path} of a server on this machine` : `${path} cannot be read (${code})`,
    );
  }
  try {
    return readCredentials(JSON.parse(content));
  } catch {
    throw insteadOf(`${path} does not hold the client that the first start wrote there`);
  }
}
