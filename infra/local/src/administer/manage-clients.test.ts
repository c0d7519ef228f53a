import { randomBytes } from 'node:crypto';
import { StartError } from '@rollcall/embedded-postgres';
import { describe, expect, it } from 'vitest';
import { createClient, listClients, revokeClient, rotateClient } from './manage-clients';
import { runCommand } from './run-command';

/** Nothing listens there: what is refused here is refused before the database is asked. */
const command = {
  ownerUrl: 'postgres://nobody@127.0.0.1:1/x',
  keys: { secretKey: randomBytes(32) },
  json: false,
  say: () => undefined,
};

describe('the commands about API clients', () => {
  it.each([
    ['no name', () => createClient(command, {})],
    ['a name too long', () => createClient(command, { name: 'x'.repeat(201) })],
    ['a scope that there is not', () => createClient(command, { name: 'X', scope: ['read', 'admin'] })],
    ['no scope', () => createClient(command, { name: 'X', scope: [''] })],
    ['no id of an organization', () => createClient(command, { name: 'X', organization: 'acme' })],
    ['no client to rotate', () => rotateClient(command, {})],
    ['an overlap above a week', () => rotateClient(command, { clientId: 'clt_x', overlap: '604801' })],
    ['an overlap below nothing', () => rotateClient(command, { clientId: 'clt_x', overlap: '-1' })],
    ['no client to revoke', () => revokeClient(command, {})],
  ])('refuse %s with a sentence', async (_, run) => {
    await expect(run()).rejects.toThrow(StartError);
  });

  it('ask the database when all is well', async () => {
    await expect(listClients(command, {})).rejects.toThrow(/ECONNREFUSED/);
  });

  it.each(['create-client', 'list-clients', 'rotate-client', 'revoke-client', 'rotate-key'])(
    'explain themselves: %s',
    async (name) => {
      const said: string[] = [];
      await runCommand([name, '--help'], {}, (text) => void said.push(text));
      expect(said.join()).toMatch(new RegExp(`^Usage: npm run rollcall -- ${name}`));
    },
  );

  it.each([[['revoke-client', 'a', 'b']], [['list-clients', 'a']], [['rotate-client', '--scope', 'read']]])(
    'refuse what they do not take: %j',
    async (args) => {
      await expect(runCommand(args, {}, () => undefined)).rejects.toThrow(StartError);
    },
  );
});
