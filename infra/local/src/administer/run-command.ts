import { parseArgs } from 'node:util';
import { StartError } from '@rollcall/embedded-postgres';
import { type Config, readConfig } from '@rollcall/platform';

type Say = (text: string) => void;

interface Command {
  readonly summary: string;
  readonly usage: string;
  readonly options: readonly (keyof typeof OPTIONS)[];
  /** What stands behind the command's name without an option. */
  readonly argument?: 'client_id';
  readonly needsSecretKey: boolean;
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
  readonly values: Values;
  readonly say: Say;
}

const COMMANDS = {
  migrate: {
    summary: "bring the database to the newest schema, and make the application's login",
    usage: 'migrate',
    options: [],
    needsSecretKey: false,
  },
  bootstrap: {
    summary: 'migrate, and make the first environment and API client of an empty database',
    usage: 'bootstrap',
    options: [],
    needsSecretKey: true,
  },
  'create-environment': {
    summary: 'make an environment with an API client and print its credentials',
    usage: 'create-environment --name <name> [--json]',
    options: ['name', 'json'],
    needsSecretKey: true,
  },
  'create-client': {
    summary: 'make an API client and print its secrets',
    usage: 'create-client --name <name> [--scope read|write] [--organization <org_…>] [--environment <env_…>] [--json]',
    options: ['name', 'scope', 'organization', 'environment', 'json'],
    needsSecretKey: true,
  },
  'list-clients': {
    summary: 'list the API clients that were not revoked',
    usage: 'list-clients [--environment <env_…>] [--json]',
    options: ['environment', 'json'],
    needsSecretKey: true,
  },
  'rotate-client': {
    summary: 'give an API client a new secret and key and print them; those of before end',
    usage: 'rotate-client <client_id> [--overlap <seconds>] [--json]',
    options: ['overlap', 'json'],
    argument: 'client_id',
    needsSecretKey: true,
  },
  'revoke-client': {
    summary: 'revoke an API client: its secrets, keys and access tokens end at once',
    usage: 'revoke-client <client_id> [--json]',
    options: ['json'],
    argument: 'client_id',
    needsSecretKey: true,
  },
  'rotate-key': {
    summary: 'seal everything that SECRET_KEY_PREVIOUS sealed with SECRET_KEY, so that the previous key can go',
    usage: 'rotate-key [--json]',
    options: ['json'],
    needsSecretKey: true,
  },
  erase: {
    summary: 'erase what is kept of a deleted user, or of a deleted organization, and print the receipt',
    usage: 'erase (--directory <dir_…> --user <user> | --organization <org_…>) [--dry-run] [--json]',
    options: ['directory', 'user', 'organization', 'dry-run', 'json'],
    needsSecretKey: false,
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

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
  if (!isCommand(name)) throw new StartError(`There is no command "${name}".\n\n${describeCommands()}`);
  const command: Command = COMMANDS[name];
  const values = readOptions(command, args);
  if (values.help) return say(describeCommand(command));
  const config = readConfig(env, { needsSecretKey: command.needsSecretKey });
  // What a command needs takes a second to load; help and refusals do not wait for it.
  const { runAction } = await import('./run-action');
  await runAction(name, { config, values, say });
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
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
