import { StartError } from '@rollcall/embedded-postgres';
import type { Config, SecretKeys } from '@rollcall/platform';
import { bootstrapOnce } from '../supervise/bootstrap-once';
import { loginsOf, migrate } from '../supervise/prepare-database';
import { resolveSecretKey } from '../supervise/resolve-secret-key';
import { createNamedEnvironment } from './create-named-environment';
import { eraseByCommand } from './erase-by-command';
import { inviteByCommand } from './invite-member';
import { createClient, listClients, revokeClient, rotateClient } from './manage-clients';
import type { ClientCommand } from './manage-clients';
import { rotateKey } from './rotate-key';
import { setLimits } from './set-limits';
import type { CommandName, CommandRequest } from './commands';
import { withOwnerUrl } from './with-owner-url';

type Action = (request: CommandRequest & { readonly ownerUrl: string }) => Promise<void>;

const ACTIONS: Readonly<Record<CommandName, Action>> = {
  migrate: async ({ config, ownerUrl, say }) => {
    const applied = await migrate(loginsOf(ownerUrl, config));
    say(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.length} migrations.`);
  },
  bootstrap: async ({ config, ownerUrl, say }) => {
    await migrate(loginsOf(ownerUrl, config));
    const keys = await secretKeysOf(config);
    if (!(await bootstrapOnce({ config, keys, ownerUrl, say }))) say('This database was set up before.');
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
    await rotateKey({ ownerUrl, keys: await secretKeysOf(config), json: values.json ?? false, say });
  },
  'set-limits': async ({ config, ownerUrl, values, say }) =>
    setLimits({ ownerUrl, keys: await secretKeysOf(config), values, say }),
  erase: async ({ config, ownerUrl, values, say }) => {
    await migrate(loginsOf(ownerUrl, config));
    await eraseByCommand({ ownerUrl, values, say });
  },
};

/** Does what a command says, on the database that the configuration names. */
export function runAction(name: CommandName, request: CommandRequest): Promise<void> {
  return withOwnerUrl(request.config, (ownerUrl) => ACTIONS[name]({ ...request, ownerUrl }));
}

async function clientCommand({ config, ownerUrl, values, say }: Parameters<Action>[0]): Promise<ClientCommand> {
  return { ownerUrl, keys: await secretKeysOf(config), json: values.json ?? false, say };
}

async function secretKeysOf({ secretKey, previousSecretKeys, dataDir }: Config): Promise<SecretKeys> {
  return { secretKey: secretKey ?? (await resolveSecretKey(dataDir)), previousSecretKeys };
}
