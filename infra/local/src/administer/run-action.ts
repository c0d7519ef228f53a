import { findEmbeddedPostgres, hasCluster, StartError } from '@rollcall/embedded-postgres';
import { configOfCell } from '@rollcall/platform';
import type { Config, SecretKeys } from '@rollcall/platform';
import { bootstrapOnce } from '../supervise/bootstrap-once';
import { inEachCell, prepareCells } from '../supervise/prepare-cells';
import { loginsOf, migrate } from '../supervise/prepare-database';
import { resolveSecretKey } from '../supervise/resolve-secret-key';
import { afterRestore } from './after-restore';
import { backUp } from './back-up';
import { createNamedEnvironment } from './create-named-environment';
import { eraseByCommand } from './erase-by-command';
import { exportCustomer } from './export-customer';
import { inviteByCommand } from './invite-member';
import { importEnvironment } from '../import/import-environment';
import { createClient, listClients, revokeClient, rotateClient } from './manage-clients';
import type { ClientCommand } from './manage-clients';
import { moveByCommand } from './move-organization';
import { replay } from './replay';
import { restore } from './restore';
import { rotateKey } from './rotate-key';
import { setLimits } from './set-limits';
import type { CommandRequest, DatabaseCommandName } from './commands';
import { withOwnerUrl } from './with-owner-url';

/** The doctor opens what it looks at by itself. */
type CommandName = Exclude<DatabaseCommandName, 'doctor'>;

/** Commands that have to look at something else before they open the database, that go on without one, or that open several. */
const OPENING: Readonly<
  Record<Extract<CommandName, 'restore' | 'move-organization'>, (request: CommandRequest) => Promise<void>>
> = {
  restore: ({ config, values, say }) => restore({ config, file: values.argument, json: values.json ?? false, say }),
  'move-organization': ({ config: { cells }, values, say }) => moveByCommand({ cells, values, say }),
};

type Action = (request: CommandRequest & { readonly ownerUrl: string }) => Promise<void>;

const ACTIONS: Readonly<Record<Exclude<CommandName, keyof typeof OPENING>, Action>> = {
  migrate: async ({ config, ownerUrl, say }) => {
    const applied = await migrate(loginsOf(ownerUrl, config));
    say(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.length} migrations.`);
    await prepareCells(config, say);
  },
  bootstrap: async ({ config, ownerUrl, say }) => {
    await migrate(loginsOf(ownerUrl, config));
    const keys = await secretKeysOf(config);
    if (!(await bootstrapOnce({ config, keys, ownerUrl, say }))) say('This database was set up before.');
    await prepareCells(config, say);
  },
  'create-environment': async ({ config, ownerUrl, values, say }) => {
    if (!values.name?.trim()) throw new StartError('Name the environment: create-environment --name <name>.');
    await migrate(loginsOf(ownerUrl, config));
    const keys = await secretKeysOf(config);
    const { publicUrl } = config;
    const json = values.json ?? false;
    await createNamedEnvironment({ ownerUrl, keys, publicUrl, name: values.name.trim(), json, say });
  },
  'invite-member': async ({ config, ownerUrl, values, say }) => {
    await migrate(loginsOf(ownerUrl, config));
    await inviteByCommand({ ownerUrl, publicUrl: config.publicUrl, json: values.json ?? false, say }, values);
  },
  'create-client': async (request) => createClient(await clientCommand(request), request.values),
  'list-clients': async (request) => listClients(await clientCommand(request), request.values),
  'rotate-client': async (request) => {
    const { argument: clientId, overlap } = request.values;
    await rotateClient(await clientCommand(request), { clientId, overlap });
  },
  'revoke-client': async (request) => revokeClient(await clientCommand(request), { clientId: request.values.argument }),
  'rotate-key': async ({ config, ownerUrl, values, say }) => {
    await migrate(loginsOf(ownerUrl, config));
    const request = { keys: await secretKeysOf(config), json: values.json ?? false, say };
    await rotateKey({ ...request, ownerUrl });
    await inEachCell(config, async (cell) => {
      await migrate(loginsOf(cell.ownerUrl, cell.config));
      await rotateKey({ ...request, ownerUrl: cell.ownerUrl, cell: cell.name });
    });
  },
  'after-restore': async ({ config, ownerUrl, values, say }) => {
    await migrate(loginsOf(ownerUrl, config));
    await afterRestore({ ownerUrl, keepEpochs: values['keep-epochs'] ?? false, json: values.json ?? false, say });
  },
  'set-limits': async ({ config, ownerUrl, values, say }) =>
    setLimits({ ownerUrl, keys: await secretKeysOf(config), values, say }),
  import: async ({ config, ownerUrl, env, values, say, note }) => {
    const keys = await secretKeysOf(config);
    await importEnvironment({ ownerUrl, keys, publicUrl: config.publicUrl, env, values, say, note });
  },
  erase: async ({ config, ownerUrl, values, say }) => {
    await migrate(loginsOf(ownerUrl, config));
    await eraseByCommand({ ownerUrl, values, say });
  },
  export: async ({ config: { eventRetentionDays }, ownerUrl, values, say }) =>
    exportCustomer({ ownerUrl, eventRetentionDays, values, say }),
  replay: async ({ config: { eventRetentionDays }, ownerUrl, values, say, note }) =>
    replay({ ownerUrl, eventRetentionDays, values, say, note }),
  backup: ({ config, ownerUrl, values, say }) =>
    backUp({ config, ownerUrl, target: values.argument, json: values.json ?? false, say }),
};

/** Does what a command says, on the database that the configuration names. */
export async function runAction(name: CommandName, given: CommandRequest): Promise<void> {
  const request = { ...given, config: chooseCell(given) };
  if (opens(name)) return OPENING[name](request);
  if (!MAKING.has(name)) await refuseMissing(request.config);
  if (name === 'replay') await refuseStopped(request);
  await withOwnerUrl(request.config, (ownerUrl) => ACTIONS[name]({ ...request, ownerUrl }));
}

/** Of one cell as if there were no other; without the option all of them, and commands work on the control cell. */
function chooseCell({ config, values: { cell } }: CommandRequest): Config {
  if (cell === undefined) return config;
  const chosen = config.cells.find(({ name }) => name === cell);
  if (chosen) return configOfCell(config, chosen);
  const names = config.cells.map(({ name }) => name).join(', ');
  throw new StartError(
    names === '' ? 'CELLS is not set: leave --cell out.' : `There is no cell "${cell}": CELLS has ${names}.`,
  );
}

/** Commands that may be the first ones. Of a database that is not there, because DATA_DIR is misspelt, the others would make an empty one. */
const MAKING: ReadonlySet<CommandName> = new Set(['migrate', 'bootstrap', 'create-environment'] as const);

async function refuseMissing({ databaseUrl, dataDir }: Config): Promise<void> {
  if (databaseUrl || (await hasCluster(dataDir))) return;
  throw new StartError(
    `There is no database in ${dataDir}: correct DATA_DIR, or set DATABASE_URL and DATABASE_OWNER_URL.`,
  );
}

/** Nobody would send what a replay waits for, and a server could not start on the database that it keeps open. */
async function refuseStopped({ config: { databaseUrl, dataDir }, values }: CommandRequest): Promise<void> {
  const isWaiting = !values['dry-run'] && !values['no-wait'];
  if (!isWaiting || databaseUrl || (await findEmbeddedPostgres(dataDir))) return;
  throw new StartError(
    'The server does not run, whose worker would send the events: start it first, or let it send them once it runs with --no-wait.',
  );
}

function opens(name: CommandName): name is keyof typeof OPENING {
  return Object.hasOwn(OPENING, name);
}

async function clientCommand({ config, ownerUrl, values, say }: Parameters<Action>[0]): Promise<ClientCommand> {
  return { ownerUrl, keys: await secretKeysOf(config), json: values.json ?? false, say };
}

async function secretKeysOf({ secretKey, previousSecretKeys, dataDir }: Config): Promise<SecretKeys> {
  return { secretKey: secretKey ?? (await resolveSecretKey(dataDir)), previousSecretKeys };
}
