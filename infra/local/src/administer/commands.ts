import type { Config } from '@rollcall/platform';
import type { OptionName, OptionValues } from './command-options';

/** What help says of a command, and what it takes. */
export interface CommandDescription {
  readonly summary: string;
  readonly usage: string;
  readonly options: readonly OptionName[];
  /** What stands behind the command's name without an option. */
  readonly argument?: 'client_id' | 'type' | 'file' | 'source' | 'org_…';
  readonly needsSecretKey: boolean;
  /** Works on a running server through its API, and not on the database. */
  readonly onServer?: true;
}

export interface CommandRequest {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly values: OptionValues;
  /** Tells the person at the terminal. */
  readonly say: (text: string) => void;
  /** Tells what is no result: on stderr, so that a program can read the rest. */
  readonly note: (text: string) => void;
}

/** What there is, in the order in which help lists it. */
export const COMMANDS = {
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
    summary: 'make an environment with an API client and print its credentials and the link of its first owner',
    usage: 'create-environment --name <name> [--json]',
    options: ['name', 'json'],
    needsSecretKey: true,
  },
  'invite-member': {
    summary: 'invite somebody to the dashboard and print the link, also when no owner can sign in any more',
    usage: 'invite-member [--environment <env_…>] [--email <address>] [--role owner|admin|viewer] [--json]',
    options: ['environment', 'email', 'role', 'json'],
    needsSecretKey: false,
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
  'after-restore': {
    summary: 'after a backup was restored, before the processes start: let consumers see what they have to forget',
    usage: 'after-restore [--keep-epochs] [--cell <cell>] [--json]',
    options: ['keep-epochs', 'cell', 'json'],
    needsSecretKey: false,
  },
  'set-limits': {
    summary: 'give an environment rate limits of its own, or print those it has',
    usage:
      'set-limits [--environment <env_…>] [--requests-per-second <n>] [--rows-per-minute <n>] [--search-seconds-per-minute <n>] [--api-requests-per-second <n>] [--burst-seconds <n>] [--reset] [--json]',
    options: [
      'environment',
      'requests-per-second',
      'rows-per-minute',
      'search-seconds-per-minute',
      'api-requests-per-second',
      'burst-seconds',
      'reset',
      'json',
    ],
    needsSecretKey: true,
  },
  erase: {
    summary: 'erase what is kept of a deleted user, or of a deleted organization, and print the receipt',
    usage: 'erase (--directory <dir_…> --user <user> | --organization <org_…>) [--dry-run] [--cell <cell>] [--json]',
    options: ['directory', 'user', 'organization', 'dry-run', 'cell', 'json'],
    needsSecretKey: false,
  },
  'move-organization': {
    summary:
      'move an organization to another of the databases in CELLS, which refuses its requests meanwhile; run again, it finishes what was cut off',
    usage: 'move-organization <org_…> --to <cell> [--json] | move-organization <org_…> --abort [--json]',
    options: ['to', 'abort', 'json'],
    argument: 'org_…',
    needsSecretKey: false,
  },
  import: {
    summary: 'bring organizations, directories, people and roles over from an environment at Scalekit or WorkOS',
    usage: 'import scalekit|workos [--from <url>] [--tokens <file>] [--environment <env_…>] [--dry-run] [--json]',
    options: ['from', 'tokens', 'environment', 'dry-run', 'json'],
    argument: 'source',
    needsSecretKey: true,
  },
  listen: {
    summary: 'forward the events of a server to an address on this machine as they happen',
    usage:
      'listen --forward-to <url> [--type <type>] [--organization <org_…>] [--directory <dir_…>] [--resend <evt_…>] [--secret <whsec_…>] [--url <url>] [--json]',
    options: ['forward-to', 'type', 'organization', 'directory', 'resend', 'secret', 'url', 'json'],
    needsSecretKey: false,
    onServer: true,
  },
  trigger: {
    summary: 'bring an event of a type about on a server, in a directory of samples, and print it',
    usage: 'trigger <type> [--url <url>] [--json]',
    options: ['url', 'json'],
    argument: 'type',
    needsSecretKey: false,
    onServer: true,
  },
  seed: {
    summary: 'make the organizations, directories and people of a YAML file on a server',
    usage: 'seed <file> [--url <url>] [--json]',
    options: ['url', 'json'],
    argument: 'file',
    needsSecretKey: false,
    onServer: true,
  },
  apply: {
    summary: 'bring roles, organizations, directories and webhook endpoints of a server to what a YAML file says',
    usage: 'apply <file> [--dry-run] [--url <url>] [--json]',
    options: ['dry-run', 'url', 'json'],
    argument: 'file',
    needsSecretKey: false,
    onServer: true,
  },
  backup: {
    summary: 'write all that is stored, as it is at one moment, into a file; the server goes on meanwhile',
    usage: 'backup <file or folder> [--cell <cell>] [--json]',
    options: ['cell', 'json'],
    argument: 'file',
    needsSecretKey: false,
  },
  restore: {
    summary: 'fill an empty database with a backup, all of it or nothing',
    usage: 'restore <file> [--cell <cell>] [--json]',
    options: ['cell', 'json'],
    argument: 'file',
    needsSecretKey: false,
  },
  export: {
    summary:
      'write an organization, or a directory, with its people, kept events and audit log into a folder, as JSON lines without secrets',
    usage: 'export (--organization <org_…> | --directory <dir_…>) --output <folder> [--cell <cell>] [--json]',
    options: ['organization', 'directory', 'output', 'cell', 'json'],
    needsSecretKey: false,
  },
  replay: {
    summary: 'send stored events to a webhook endpoint once more, and wait until that is done',
    usage:
      'replay --endpoint <whe_…> [--directory <dir_…>] [--from-time <time>] [--to-time <time>] [--from-sequence <n>] [--to-sequence <n>] [--type <type>] [--dry-run] [--no-wait] [--cell <cell>] [--json]',
    options: [
      'endpoint',
      'directory',
      'from-time',
      'to-time',
      'from-sequence',
      'to-sequence',
      'type',
      'dry-run',
      'no-wait',
      'cell',
      'json',
    ],
    needsSecretKey: false,
  },
  doctor: {
    summary: 'look at all that the server depends on, change nothing, and say what is wrong and what to do',
    usage: 'doctor [--json]',
    options: ['json'],
    needsSecretKey: true,
  },
} as const satisfies Record<string, CommandDescription>;

export type CommandName = keyof typeof COMMANDS;

type Commands = typeof COMMANDS;
export type ServerCommandName = {
  [Name in CommandName]: Commands[Name] extends { onServer: true } ? Name : never;
}[CommandName];
/** Those that work on the database. */
export type DatabaseCommandName = Exclude<CommandName, ServerCommandName>;
