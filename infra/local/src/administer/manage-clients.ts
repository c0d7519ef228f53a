import { API_SCOPES, type ApiScope, MAX_OVERLAP_SECONDS } from '@rollcall/contract';
import { type ApiClient, asOwner, checkDatabase, type DataSource, openHasher } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';
import {
  asOperator,
  type ClientWithSecret,
  createApiClient,
  findEnvironmentOf,
  listApiClients,
  type PageCursor,
  revokeApiClient,
  rotateApiClient,
} from '@rollcall/management';
import { publicId, type SecretHasher, type SecretKeys } from '@rollcall/platform';
import { chooseEnvironment, readId } from './choose-environment';

/** What every command about API clients is given. */
export interface ClientCommand {
  readonly ownerUrl: string;
  readonly keys: SecretKeys;
  readonly json: boolean;
  readonly say: (text: string) => void;
}

interface Tools {
  readonly dataSource: DataSource;
  readonly hasher: SecretHasher;
}

/** Makes an API client and prints its secrets, this once. Throws a StartError for an option that cannot be used. */
export async function createClient(
  command: ClientCommand,
  options: { name?: string; scope?: string[]; organization?: string; environment?: string },
): Promise<void> {
  const name = options.name?.trim();
  if (!name || name.length > 200) throw new StartError('Name the client: --name <name>, of 1 to 200 characters.');
  const scopes = readScopes(options.scope);
  const organizationId = readId('org', '--organization', options.organization) ?? null;
  await withTools(command, async ({ dataSource, hasher }) => {
    const environmentId = await chooseEnvironment(dataSource, options.environment);
    const settings = { name, scopes, organizationId };
    const created = await createApiClient(asOperator(dataSource), hasher, environmentId, settings);
    print(command, `The API client "${name}" is made. Its secrets are shown this once:`, withSecrets(created));
  });
}

/** Gives an API client a new secret and key and prints them, this once. */
export async function rotateClient(
  command: ClientCommand,
  { clientId, overlap = '0' }: { clientId?: string; overlap?: string },
): Promise<void> {
  const seconds = /^\d{1,6}$/.test(overlap) ? Number(overlap) : NaN;
  if (!(seconds <= MAX_OVERLAP_SECONDS)) {
    throw new StartError(`--overlap must be a whole number of seconds from 0 to ${MAX_OVERLAP_SECONDS}.`);
  }
  await withClient(command, clientId, async ({ dataSource, hasher }, scope) => {
    const rotated = await rotateApiClient(asOperator(dataSource), hasher, scope, seconds);
    const end = seconds === 0 ? 'have ended' : `end in ${seconds} seconds`;
    print(command, `The new secrets are shown this once; those of before ${end}:`, withSecrets(rotated));
  });
}

/** Revokes an API client: nothing of it works from now on. */
export async function revokeClient(command: ClientCommand, { clientId }: { clientId?: string }): Promise<void> {
  await withClient(command, clientId, async ({ dataSource }, scope) => {
    await revokeApiClient(asOperator(dataSource), scope);
    if (command.json) return command.say(JSON.stringify({ client_id: scope.clientId, revoked: true }));
    command.say(`The API client ${scope.clientId} is revoked: its secrets, keys and access tokens have ended.`);
  });
}

/** Prints the API clients of an environment that were not revoked. */
export async function listClients(command: ClientCommand, options: { environment?: string }): Promise<void> {
  await withTools(command, async ({ dataSource }) => {
    const environmentId = await chooseEnvironment(dataSource, options.environment);
    const clients = (await readAll(dataSource, environmentId)).map(describe);
    if (command.json) return command.say(JSON.stringify({ api_clients: clients }));
    for (const { client_id, name, scopes, organization_id, last_used_time } of clients) {
      const use = last_used_time ? `used ${last_used_time}` : 'never used';
      command.say([client_id, name, scopes.join(','), organization_id ?? 'all organizations', use].join('  '));
    }
  });
}

function readScopes(given: readonly string[] = API_SCOPES): ApiScope[] {
  const names = given.flatMap((text) => text.split(','));
  const scopes = API_SCOPES.filter((scope) => names.includes(scope));
  if (scopes.length > 0 && names.every((name) => (API_SCOPES as readonly string[]).includes(name))) return scopes;
  throw new StartError(`--scope must be ${API_SCOPES.join(' or ')}, or both separated by a comma.`);
}

/** With a key of another database the secrets would be hashed and never match. */
async function withTools({ ownerUrl, keys }: ClientCommand, work: (tools: Tools) => Promise<void>): Promise<void> {
  await asOwner(ownerUrl, async (dataSource) => {
    await checkDatabase(dataSource, keys);
    await work({ dataSource, hasher: await openHasher(dataSource, keys) });
  });
}

async function withClient(
  command: ClientCommand,
  clientId: string | undefined,
  work: (tools: Tools, scope: { environmentId: string; clientId: string }) => Promise<void>,
): Promise<void> {
  if (!clientId) throw new StartError('Name the client by its client_id, as list-clients shows it.');
  await withTools(command, async (tools) =>
    work(tools, { clientId, environmentId: await findEnvironmentOf(tools.dataSource, clientId) }),
  );
}

async function readAll(dataSource: DataSource, environmentId: string): Promise<ApiClient[]> {
  const clients: ApiClient[] = [];
  let cursor: PageCursor | null | undefined;
  do {
    const page = await listApiClients(dataSource, environmentId, { size: 100, ...(cursor && { cursor }) });
    clients.push(...page.rows);
    cursor = page.next;
  } while (cursor);
  return clients;
}

function describe(client: ApiClient) {
  return {
    environment_id: publicId('env', client.environmentId),
    client_id: client.clientId,
    name: client.name,
    scopes: client.scopes,
    organization_id: client.organizationId && publicId('org', client.organizationId),
    last_used_time: client.lastUsedTime?.toISOString() ?? null,
  };
}

function withSecrets({ client, secret }: ClientWithSecret) {
  const { last_used_time: _, ...described } = describe(client);
  return { ...described, client_secret: secret.clientSecret, api_key: secret.apiKey };
}

function print({ json, say }: ClientCommand, sentence: string, fields: object): void {
  if (json) return say(JSON.stringify(fields));
  say(sentence);
  for (const [field, value] of Object.entries(fields)) say(`  ${field.padEnd(16)}${String(value ?? 'all')}`);
}
