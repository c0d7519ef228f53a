import { randomBytes } from 'node:crypto';
import { createSealer, newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { buildDirectory } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { asOperator } from '../audit/record-change';
import { inviteMember, revokeInvitation } from '../members/invite-member';
import { createPortalLink } from '../portal/create-portal-link';
import { revokePortalLinks } from '../portal/revoke-portal-links';
import { readMailbox } from './list-mails';
import type { MailTools } from './write-mail';

const sealer = createSealer({ secretKey: randomBytes(32) });
const tools: MailTools = { sealer, settings: { transport: 'mailbox', from: 'rollcall@localhost' } };

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;
let address: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
});

beforeEach(async () => {
  directory = await buildDirectory(database.ownerUrl);
  address = `${newId()}@acme.test`;
});

afterAll(async () => {
  await app?.destroy();
  await database.drop();
});

/** The addresses that the mails to it lead to and that wait, or stand in the mailbox. */
async function waiting(): Promise<string[]> {
  const mails = (await readMailbox(app, sealer, 100)).filter(({ to }) => to === address);
  return mails.flatMap(({ text }) => /https:\/\/\S+#\S+/.exec(text)?.[0] ?? []);
}

describe('a mail with a portal link', () => {
  const mailLink = () =>
    createPortalLink(asOperator(app), directory, {
      features: ['dir_sync'],
      expiresIn: 3_600,
      publicUrl: 'https://rollcall.test',
      mailTo: { address, tools },
    });

  it('is not sent any more when that link is revoked, and does not keep the address waiting', async () => {
    const [kept, revoked] = [await mailLink(), await mailLink()];
    await revokePortalLinks(asOperator(app), directory, revoked.link.id);
    expect(await waiting()).toEqual([kept.location]);
  });

  it('is not sent any more when all links are revoked', async () => {
    await mailLink();
    await revokePortalLinks(asOperator(app), directory);
    expect(await waiting()).toEqual([]);
  });
});

describe('a mail with an invitation', () => {
  const invite = async () => {
    const [id, location] = [newId(), `https://rollcall.test/dashboard/invitation#${newId()}`];
    const invitation = { id, email: address, role: 'viewer' as const, tokenHash: newId() };
    await inviteMember(asOperator(app), directory.environmentId, invitation, { tools, location });
    return { id, location };
  };

  it('is not sent any more when the invitation is revoked', async () => {
    const { id } = await invite();
    await revokeInvitation(asOperator(app), directory.environmentId, id);
    expect(await waiting()).toEqual([]);
  });

  it('is not sent any more when another one takes its place', async () => {
    await invite();
    const { location } = await invite();
    expect(await waiting()).toEqual([location]);
  });
});
