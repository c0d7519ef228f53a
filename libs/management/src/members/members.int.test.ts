import { createTestDatabase, newSecretKey, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bootstrapDatabase,
  createDataSource,
  createEnvironment,
  migrateDatabase,
  ofMember,
  tenantTransaction,
} from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { hashOpaqueToken, newId } from '@rollcall/platform';
import { asOperator, recordChange } from '../audit/record-change';
import { acceptInvitation } from './accept-invitation';
import { admitMember, holdMember } from './admit-member';
import type { AdmittedMember } from './admit-member';
import { removeMember } from './change-member-role';
import { createMemberEnvironment } from './create-environment';
import { inviteMember } from './invite-member';
import { openMemberSession } from './open-member-session';
import type { NewMemberSession } from './open-member-session';

let database: TestDatabase;
let app: DataSource;
let first: string;
let second: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
  const keys = { secretKey: Buffer.from(newSecretKey(), 'base64') };
  const made = await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys });
  first = made?.credentials.environment_id.slice(4) ?? '';
  second = (await createEnvironment({ ownerUrl: database.ownerUrl, keys, name: 'Second' })).environment_id.slice(4);
});

afterAll(async () => {
  await app?.destroy();
  await database.drop();
});

const ORIGIN = { ipAddress: '203.0.113.1', requestId: null };

const newSession = (): NewMemberSession => ({
  id: newId(),
  tokenHash: hashOpaqueToken(newId()),
  method: 'invitation',
  tookSecondFactor: false,
  environmentId: null,
  origin: ORIGIN,
  userAgent: null,
});

/** An admin of an environment with an open session. */
async function join(environmentId: string): Promise<AdmittedMember> {
  const id = newId();
  const email = `${id}@example.com`;
  const session = newSession();
  const { tokenHash } = session;
  await inviteMember(asOperator(app), environmentId, { id: newId(), email, role: 'admin', tokenHash });
  const member = { id, name: 'Ann', email, passwordHash: 'none' };
  await acceptInvitation(app, tokenHash, { invited: { isNew: true, member }, session, origin: ORIGIN });
  const admitted = await admitMember(app, tokenHash, environmentId);
  if (!admitted) throw new Error('nobody is signed in');
  return admitted;
}

const idsIn = (table: string, tenant: { environmentId: string; memberId?: string }) =>
  tenantTransaction(app, tenant, async (manager) => {
    const column = table === 'members' ? 'id' : 'member_id';
    const rows = await manager.query<{ id: string }[]>(`SELECT ${column} AS id FROM ${table} ORDER BY 1`);
    return rows.map(({ id }) => id);
  });

const WAITING = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

const OWN = ['member_credentials', 'member_sessions'];

describe('the rows of members', () => {
  it('show an environment who its members are, and nothing that proves them', async () => {
    const [mine, other] = [await join(first), await join(second)];
    expect(await idsIn('members', { environmentId: first })).toContain(mine.id);
    expect(await idsIn('members', { environmentId: first })).not.toContain(other.id);
    for (const table of OWN) expect([table, await idsIn(table, { environmentId: first })]).toEqual([table, []]);
  });

  it('show a member its own alone, and let it give itself no role', async () => {
    const [mine, other] = [await join(first), await join(first)];
    for (const table of ['members', 'member_roles', ...OWN]) {
      expect([table, await idsIn(table, ofMember(mine.id))]).toEqual([table, [mine.id]]);
    }
    const give = (environmentId: string, memberId: string) =>
      tenantTransaction(app, ofMember(memberId), (manager) =>
        manager.query(`INSERT INTO member_roles (environment_id, member_id, role) VALUES ($1, $2, 'owner')`, [
          environmentId,
          memberId,
        ]),
      );
    await expect(give(second, mine.id)).rejects.toThrow(/row-level security/);
    const rename = await tenantTransaction(app, ofMember(mine.id), (manager) =>
      manager.query<[unknown[], number]>(`UPDATE members SET name = 'x' WHERE id = $1`, [other.id]),
    );
    expect(rename[1]).toBe(0);
  });

  it('are changed by no environment', async () => {
    const mine = await join(first);
    const [, changed] = await tenantTransaction(app, { environmentId: first }, (manager) =>
      manager.query<[unknown[], number]>(`UPDATE members SET email_key = 'mallory@example.com' WHERE id = $1`, [
        mine.id,
      ]),
    );
    expect(changed).toBe(0);
  });
});

it.each(['accepting an invitation', 'making an environment'])(
  'keeps whoever is taken out of the last environment while %s',
  async (how) => {
    const member = await join(first);
    const [environmentId, tokenHash] = how === 'making an environment' ? [newId(), ''] : [second, newId()];
    if (environmentId === second) {
      await inviteMember(asOperator(app), second, { id: newId(), email: member.email, role: 'admin', tokenHash });
    }
    const take = () =>
      environmentId === second
        ? acceptInvitation(app, tokenHash, { invited: { isNew: false, member }, session: null, origin: ORIGIN })
        : createMemberEnvironment(asOperator(app), member, { id: environmentId, name: 'Own' });
    const admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
    const isWaiting = (statement: string) => async () =>
      (await app.query<unknown[]>(`${WAITING} AND query LIKE $1`, [statement])).length > 0;
    let taking: Promise<void> = Promise.resolve();
    let removal: Promise<void> = Promise.resolve();
    await admin.transaction(async (manager) => {
      // The new role is written, and what the audit log says of it waits.
      await manager.query('LOCK TABLE audit_log IN SHARE MODE');
      taking = take();
      await waitUntil(isWaiting('%INTO audit_log%'), { what: 'the new role' });
      removal = removeMember(asOperator(app), { environmentId: first, memberId: member.id });
      await waitUntil(isWaiting('%delete_member_without_roles%'), { what: 'the removal' });
    });
    await Promise.all([taking, removal]);
    await admin.destroy();
    expect(await idsIn('member_roles', { environmentId })).toContain(member.id);
    expect(await idsIn('members', { environmentId })).toContain(member.id);
  },
);

it('does what a member had begun before a removal is answered, and nothing afterwards', async () => {
  const member = await join(first);
  const writer = {
    dataSource: app,
    author: { actor: { type: 'member' as const, id: member.id, name: member.name }, ...ORIGIN },
    admit: holdMember(member, { environmentId: first, role: 'admin' }),
  };
  const done: string[] = [];
  let goOn = () => undefined as void;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  let begun = () => undefined as void;
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  const change = recordChange(writer, { environmentId: first }, async () => {
    begun();
    await held;
    done.push('changed');
    return { answer: undefined, entries: [] };
  });
  await isBegun;
  const removal = removeMember(asOperator(app), { environmentId: first, memberId: member.id }).then(() =>
    done.push('removed'),
  );
  await waitUntil(async () => (await app.query<unknown[]>(WAITING)).length > 0, { what: 'the removal waiting' });
  goOn();
  await Promise.all([change, removal]);
  expect(done).toEqual(['changed', 'removed']);
  const late = recordChange(writer, { environmentId: first }, async () => ({ answer: undefined, entries: [] }));
  await expect(late).rejects.toMatchObject({ code: 'unauthenticated' });
});

it('keeps of the sessions of a member that are over the newest alone, however many are opened', async () => {
  const { id: memberId } = await join(first);
  const admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
  await admin.query(
    `INSERT INTO member_sessions (member_id, id, token_hash, method, second_factor, expire_time, end_by, end_time)
     SELECT $1, $2 || n, $2 || n, 'password', false, now(), now(), now() - n * interval '1 minute'
     FROM generate_series(1, 1100) AS n`,
    [memberId, newId()],
  );
  await admin.destroy();
  await openMemberSession(app, memberId, newSession());
  // Beside the two that are open.
  expect(await idsIn('member_sessions', ofMember(memberId))).toHaveLength(200 + 2);
});
