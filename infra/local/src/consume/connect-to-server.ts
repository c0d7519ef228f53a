import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '@rollcall/embedded-postgres';
import type { Config } from '@rollcall/platform';
import { createRollcallClient } from '@rollcall/sdk';
import type { RollcallClient } from '@rollcall/sdk';

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
  /** Aborts when the command is to end. */
  readonly signal: AbortSignal;
}

/**
 * The server of `--url`, else of PUBLIC_URL; with the key in ROLLCALL_API_KEY, else with the client that the first start wrote to
 * `DATA_DIR/bootstrap.json`. Opens no connection yet.
 * @throws StartError when there is neither, or the address is none
 */
export async function connectToServer({ config, env }: ServerRequest, url?: string): Promise<Server> {
  const baseUrl = url ?? config.publicUrl;
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new StartError('--url must be the address of a Rollcall server, such as https://rollcall.example.com.');
  }
  const apiKey = env['ROLLCALL_API_KEY']?.trim();
  if (apiKey) return { client: createRollcallClient({ baseUrl, apiKey }), baseUrl, credential: apiKey };
  const { client_id: clientId, client_secret: clientSecret } = await readBootstrap(config.dataDir);
  const client = createRollcallClient({ baseUrl, clientId, clientSecret });
  return { client, baseUrl, credential: clientSecret };
}

interface Bootstrap {
  client_id: string;
  client_secret: string;
}

async function readBootstrap(dataDir: string): Promise<Bootstrap> {
  const path = join(dataDir, 'bootstrap.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Bootstrap;
  } catch {
    throw new StartError(
      `Set ROLLCALL_API_KEY to the key of an API client (npm run rollcall -- create-client makes one): there is no ${path} of a server on this machine.`,
    );
  }
}
