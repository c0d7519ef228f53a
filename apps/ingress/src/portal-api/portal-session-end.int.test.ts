import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { hashOpaqueToken } from '@rollcall/platform';
import type { AuditLogAnswer } from '../management/audit/audit.dto';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';
import { connectPortal } from './testing/connect-portal';
import type { PortalClient } from './testing/connect-portal';

let test: TestApi;
let portal: PortalClient;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  portal = connectPortal(test);
});

afterAll(() => test.stop());

const sql = <Row>(text: string, ...values: unknown[]) => runAsAdmin<Row>(test.database.adminUrl, [[text, values]]);
const hashOf = (cookie: string): string => hashOpaqueToken(cookie.split('=')[1] ?? '');

/** What a call with a cookie is answered; the same for each call, whatever it is. */
async function refusalOf(cookie: string): Promise<unknown[]> {
  const calls = [
    ['GET', '/session'],
    ['DELETE', '/session'],
    ['GET', '/directories'],
    ['POST', '/directories'],
  ] as const;
  const answers = await Promise.all(calls.map(([method, path]) => portal.call(method, path, { cookie })));
  const [first, ...others] = answers.map(({ status, body }) => [status, body.error.code, body.error.details]);
  for (const other of others) expect(other).toEqual(first);
  return first ?? [];
}

const linkOf = async (organizationId: string): Promise<string> => {
  const [link] = await sql<{ id: string }>(
    'SELECT id FROM portal_links WHERE organization_id = $1',
    organizationId.slice(4),
  );
  return `lnk_${link?.id}`;
};

describe('a session that is over', () => {
  it('because its link was revoked says so, and so do all when all links are', async () => {
    const [one, other] = [await portal.openSession(), await portal.openSession()];
    const path = `/organizations/${one.organizationId}/portal_links`;
    await test.api.call('DELETE', `${path}/${await linkOf(one.organizationId)}`);
    expect(await refusalOf(one.cookie)).toEqual([401, 'session_revoked', undefined]);
    expect((await portal.call('GET', '/session', other)).status).toBe(200);
    await test.api.call('DELETE', `/organizations/${other.organizationId}/portal_links`);
    expect(await refusalOf(other.cookie)).toEqual([401, 'session_revoked', undefined]);
  });

  it('because its organization was deleted says that and nothing else, whatever happened before', async () => {
    const organizationId = await test.newOrganization();
    const [open, left, revoked, expired] = [
      await portal.openSession(organizationId),
      await portal.openSession(organizationId),
      await portal.openSession(organizationId),
      await portal.openSession(organizationId),
    ];
    await portal.call('DELETE', '/session', left);
    await sql(`UPDATE portal_sessions SET end_reason = 'link_revoked' WHERE token_hash = $1`, hashOf(revoked.cookie));
    await sql(`UPDATE portal_sessions SET expire_time = now() WHERE token_hash = $1`, hashOf(expired.cookie));
    await test.api.call('DELETE', `/organizations/${organizationId}`);
    for (const { cookie } of [open, left, revoked, expired]) {
      expect(await refusalOf(cookie)).toEqual([401, 'organization_deleted', undefined]);
    }
  });

  it('because it was left, or replaced by that of another link, says that it was ended', async () => {
    const left = await portal.openSession();
    expect((await portal.call('DELETE', '/session', left)).status).toBe(204);
    expect(await refusalOf(left.cookie)).toEqual([401, 'session_ended', undefined]);
    const replaced = await portal.openSession();
    const { token } = await portal.newLink(replaced.organizationId);
    const opened = await portal.call('POST', '/session', { ...replaced, body: { link_token: token } });
    expect(opened.status).toBe(200);
    expect(await refusalOf(replaced.cookie)).toEqual([401, 'session_ended', undefined]);
  });

  it('because its time ran out says so, and so it stays when its link is revoked later', async () => {
    const { cookie, organizationId } = await portal.openSession();
    await sql(`UPDATE portal_sessions SET expire_time = now() WHERE organization_id = $1`, organizationId.slice(4));
    expect(await refusalOf(cookie)).toEqual([401, 'session_expired', undefined]);
    await test.api.call('DELETE', `/organizations/${organizationId}/portal_links`);
    expect(await refusalOf(cookie)).toEqual([401, 'session_expired', undefined]);
  });

  it.each([
    ['revoked', (organizationId: string) => test.api.call('DELETE', `/organizations/${organizationId}/portal_links`)],
    ['left', (_: string, cookie: string) => portal.call('DELETE', '/session', { cookie })],
    [
      'deleted with its organization',
      (organizationId: string) => test.api.call('DELETE', `/organizations/${organizationId}`),
    ],
  ])('is expired as well once %s, for programs that know no reasons and whose clock is behind', async (_, end) => {
    const { cookie, organizationId } = await portal.openSession();
    await end(organizationId, cookie);
    const rows = await sql(
      `SELECT expire_time <= now() - interval '30 minutes' AS expired FROM portal_sessions WHERE token_hash = $1`,
      hashOf(cookie),
    );
    expect(rows).toEqual([{ expired: true }]);
  });

  it('does not ask before another organization’s link replaces it', async () => {
    const { cookie, organizationId } = await portal.openSession();
    await test.api.call('DELETE', `/organizations/${organizationId}`);
    const { token } = await portal.newLink(await test.newOrganization());
    expect((await portal.call('POST', '/session', { cookie, body: { link_token: token } })).status).toBe(200);
  });

  it('is ended once: the audit log has one entry, however often it is left', async () => {
    const { cookie, organizationId } = await portal.openSession();
    await Promise.all([1, 2, 3].map(() => portal.call('DELETE', '/session', { cookie })));
    const path = `/audit_log?organization_id=${organizationId}&action=portal_session.ended`;
    expect((await test.api.call<AuditLogAnswer>('GET', path)).body.entries).toHaveLength(1);
  });

  it('is forgotten a week later, and so are links, also of an organization that makes no more of them', async () => {
    const { cookie, organizationId } = await portal.openSession();
    for (const table of ['portal_links', 'portal_sessions']) {
      await sql(
        `UPDATE ${table} SET expire_time = now() - interval '8 days' WHERE organization_id = $1`,
        organizationId.slice(4),
      );
    }
    const { cookie: recent } = await portal.openSession();
    expect(await refusalOf(cookie)).toEqual([401, 'session_missing', undefined]);
    expect((await portal.call('GET', '/session', { cookie: recent })).status).toBe(200);
    expect(await sql('SELECT id FROM portal_links WHERE organization_id = $1', organizationId.slice(4))).toEqual([]);
  });
});

describe('while Directory Sync is off', () => {
  it('the session says so, can be left, and can be opened', async () => {
    const { cookie } = await portal.openSession(await test.newOrganization(false));
    const { status, body } = await portal.call<{ features: unknown }>('GET', '/session', { cookie });
    expect([status, body.features]).toEqual([200, [{ name: 'dir_sync', enabled: false }]]);
    expect((await portal.call('DELETE', '/session', { cookie })).status).toBe(204);
  });
});
