import { parseArgs } from 'node:util';
import { StartError } from '@rollcall/embedded-postgres';
import { type Config, readConfig, type SecretKeys } from '@rollcall/platform';
import { bootstrapOnce } from '../supervise/bootstrap-once';
import { migrate } from '../supervise/prepare-database';
import { resolveSecretKey } from '../supervise/resolve-secret-key';
import { createNamedEnvironment } from './create-named-environment';
import { eraseByCommand } from './erase-by-command';
import { createClient, listClients, revokeClient, rotateClient } from './manage-clients';
import type { ClientCommand } from './manage-clients';
import { rotateKey } from './rotate-key';
import { withOwnerUrl } from './with-owner-url';

type Say = (text: string) => void;

interface Command {
  readonly summary: string;
  readonly usage: string;
  readonly options: readonly (keyof typeof OPTIONS)[];
  /** What stands behind the command's name without an option. */
  readonly argument?: 'client_id';
  readonly needsSecretKey: boolean;
  run(request: CommandRequest): Promise<void>;
}

/** Options that were given, and the argument. */
interface Values {
  readonly name?: string;
  readonly scope?: string[];
  readonly organization?: string;
  readonly environment?: string;
  readonly overlap?: string;
  readonly directory?: string;
  readonly user?: string;
  readonly 'dry-run'?: boolean;
  readonly json?: boolean;
  readonly help?: boolean;
  readonly argument?: string;
}

export interface CommandRequest {
  readonly config: Config;
  readonly ownerUrl: string;
  readonly values: Values;
  readonly say: Say;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  migrate: {
    summary: "bring the database to the newest schema, and make the application's login",
    usage: 'migrate',
    options: [],
    needsSecretKey: false,
    run: async ({ config, ownerUrl, say }) => {
      const applied = await migrate({ ownerUrl, appUrl: config.databaseUrl });
      say(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.length} migrations.`);
    },
  },
  bootstrap: {
    summary: 'migrate, and make the first environment and API client of an empty database',
    usage: 'bootstrap',
    options: [],
    needsSecretKey: true,
    run: async ({ config, ownerUrl, say }) => {
      await migrate({ ownerUrl, appUrl: config.databaseUrl });
      const keys = await secretKeysOf(config);
      if (!(await bootstrapOnce({ config, keys, ownerUrl, say }))) say('This database was set up before.');
    },
  },
  'create-environment': {
    summary: 'make an environment with an API client and print its credentials',
    usage: 'create-environment --name <name> [--json]',
    options: ['name', 'json'],
    needsSecretKey: true,
    run: async ({ config, ownerUrl, values, say }) => {
      if (!values.name?.trim()) throw new StartError('Name the environment: create-environment --name <name>.');
      await migrate({ ownerUrl, appUrl: config.databaseUrl });
      const keys = await secretKeysOf(config);
      await createNamedEnvironment({ ownerUrl, keys, name: values.name.trim(), json: values.json ?? false, say });
    },
  },
  'create-client': {
    summary: 'make an API client and print its secrets',
    usage: 'create-client --name <name> [--scope read|write] [--organization <org_…>] [--environment <env_…>] [--json]',
    options: ['name', 'scope', 'organization', 'environment', 'json'],
    needsSecretKey: true,
    run: async (request) => createClient(await clientCommand(request), request.values),
  },
  'list-clients': {
    summary: 'list the API clients that were not revoked',
    usage: 'list-clients [--environment <env_…>] [--json]',
    options: ['environment', 'json'],
    needsSecretKey: true,
    run: async (request) => listClients(await clientCommand(request), request.values),
  },
  'rotate-client': {
    summary: 'give an API client a new secret and key and print them; those of before end',
    usage: 'rotate-client <client_id> [--overlap <seconds>] [--json]',
    options: ['overlap', 'json'],
    argument: 'client_id',
    needsSecretKey: true,
    run: async (request) => {
      const { argument: clientId, overlap } = request.values;
      await rotateClient(await clientCommand(request), { clientId, overlap });
    },
  },
  'revoke-client': {
    summary: 'revoke an API client: its secrets, keys and access tokens end at once',
    usage: 'revoke-client <client_id> [--json]',
    options: ['json'],
    argument: 'client_id',
    needsSecretKey: true,
    run: async (request) => revokeClient(await clientCommand(request), { clientId: request.values.argument }),
  },
  'rotate-key': {
    summary: 'seal everything that SECRET_KEY_PREVIOUS sealed with SECRET_KEY, so that the previous key can go',
    usage: 'rotate-key [--json]',
    options: ['json'],
    needsSecretKey: true,
    run: async ({ config, ownerUrl, values, say }) => {
      await migrate({ ownerUrl, appUrl: config.databaseUrl });
      await rotateKey({ ownerUrl, keys: await secretKeysOf(config), json: values.json ?? false, say });
    },
  },
  erase: {
    summary: 'erase what is kept of a deleted user, or of a deleted organization, and print the receipt',
    usage: 'erase (--directory <dir_…> --user <user> | --organization <org_…>) [--dry-run] [--json]',
    options: ['directory', 'user', 'organization', 'dry-run', 'json'],
    needsSecretKey: false,
    run: async ({ config, ownerUrl, values, say }) => {
      await migrate({ ownerUrl, appUrl: config.databaseUrl });
      await eraseByCommand({ ownerUrl, values, say });
    },
  },
};

const OPTIONS = {
  name: { type: 'string', text: '--name <name>           its name' },
  scope: {
    type: 'string',
    multiple: true,
    text: '--scope read|write      what it may do; write includes read (default: both)',
  },
  organization: { type: 'string', text: '--organization <org_…>  the one organization it is for' },
  environment: { type: 'string', text: '--environment <env_…>   whose it is; needed when there are several' },
  overlap: {
    type: 'string',
    text: '--overlap <seconds>     how long those of before go on, up to 604800 (default: 0)',
  },
  directory: { type: 'string', text: '--directory <dir_…>     the directory, also a deleted one' },
  user: { type: 'string', text: '--user <user>           id, e-mail address, userName or externalId of a user of it' },
  'dry-run': { type: 'boolean', text: '--dry-run               count what there is, and erase nothing' },
  json: { type: 'boolean', text: '--json                  print JSON, for programs' },
} as const;

/** Runs one administration command. Throws a StartError for a command or an option that does not exist, and what the command throws. */
export async function runCommand(argv: readonly string[], env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  const [name = '--help', ...args] = argv;
  if (name === '--help' || name === '-h' || name === 'help') return say(describeCommands());
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new StartError(`There is no command "${name}".\n\n${describeCommands()}`);
  const values = readOptions(command, args);
  if (values.help) return say(describeCommand(command));
  const config = readConfig(env, { needsSecretKey: command.needsSecretKey });
  await withOwnerUrl(config, (ownerUrl) => command.run({ config, ownerUrl, values, say }));
}

function readOptions(command: Command, args: string[]): Values {
  const known = Object.fromEntries(command.options.map((option) => [option, OPTIONS[option]]));
  const options = { ...known, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: command.argument !== undefined });
    if (positionals.length > 1) throw new StartError(`Name one ${command.argument}.`);
    return { ...values, argument: positionals[0] };
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n\n${describeCommand(command)}`);
  }
}

function describeCommands(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(20)}${summary}`);
  return [
    'Usage: npm run rollcall -- <command> [options]',
    '',
    'Commands:',
    ...lines,
    '',
    'They work on the database of DATABASE_OWNER_URL, which is that of DATABASE_URL, or on the one in DATA_DIR (default ./.rollcall).',
    'npm run rollcall -- <command> --help describes a command.',
  ].join('\n');
}

function describeCommand({ usage, summary, options }: Command): string {
  const lines = options.map((option) => `  ${OPTIONS[option].text}`);
  return [
    `Usage: npm run rollcall -- ${usage}`,
    '',
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    ...(lines.length > 0 ? ['', ...lines] : []),
  ].join('\n');
}

async function clientCommand({ config, ownerUrl, values, say }: CommandRequest): Promise<ClientCommand> {
  return { ownerUrl, keys: await secretKeysOf(config), json: values.json ?? false, say };
}

async function secretKeysOf({ secretKey, previousSecretKeys, dataDir }: Config): Promise<SecretKeys> {
  return { secretKey: secretKey ?? (await resolveSecretKey(dataDir)), previousSecretKeys };
}
