import { createTestDatabase, newSecretKey } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asOwner, bootstrapDatabase, createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { lookUpInvitation } from '@rollcall/management';
import { hashOpaqueToken } from '@rollcall/platform';
import { createNamedEnvironment } from './create-named-environment';
import { inviteByCommand } from './invite-member';

let database: TestDatabase;
let app: DataSource;
const keys = { secretKey: Buffer.from(newSecretKey(), 'base64') };
const publicUrl = 'https://rollcall.test';

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 1 }).initialize();
  await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys });
});

afterAll(async () => {
  await app?.destroy();
  await database.drop();
});

async function invite(options: Parameters<typeof inviteByCommand>[1]): Promise<Record<string, string>> {
  const lines: string[] = [];
  const command = { ownerUrl: database.ownerUrl, publicUrl, json: true, say: (line: string) => void lines.push(line) };
  await inviteByCommand(command, options);
  return JSON.parse(lines.join('\n')) as Record<string, string>;
}

const lookUp = (url = '') => lookUpInvitation(app, hashOpaqueToken(url.split('#')[1] ?? ''));

it('lets somebody in again when no owner can sign in, and tells the audit log that an operator did', async () => {
  const made = await invite({ email: 'ann@example.com' });
  expect(made['dashboard_invitation_url']).toMatch(/^https:\/\/rollcall\.test\/dashboard\/invitation#[\w-]{43}$/);
  expect(await lookUp(made['dashboard_invitation_url'])).toMatchObject({ email: 'ann@example.com', role: 'owner' });
  const entries = await asOwner(database.ownerUrl, (owner) =>
    owner.query(`SELECT actor_type, target_type, target_name FROM audit_log WHERE action = 'member.invited'`),
  );
  expect(entries).toEqual([{ actor_type: 'operator', target_type: 'invitation', target_name: 'ann@example.com' }]);
});

it('gives a new environment an invitation of its first owner, for whoever has the link', async () => {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  await createNamedEnvironment({ ownerUrl: database.ownerUrl, keys, publicUrl, name: 'Staging', json: true, say });
  const made = JSON.parse(lines.join('\n')) as Record<string, string>;
  expect(await lookUp(made['dashboard_invitation_url'])).toMatchObject({
    environmentName: 'Staging',
    email: null,
    role: 'owner',
  });
});

it('asks which environment is meant, and refuses a role or an address that is none', async () => {
  await expect(invite({})).rejects.toThrow('Name one of the environments with --environment');
  await expect(invite({ role: 'king' })).rejects.toThrow('--role must be one of owner, admin, viewer');
  await expect(invite({ email: 'ann' })).rejects.toThrow('--email must be an e-mail address');
});
