import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { hashOpaqueToken } from '@rollcall/platform';
import type { AuditLogAnswer } from '../management/audit/audit.dto';
import { startApi } from '../management/testing/start-api';
import type { ErrorBody, TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';
import { connectPortal } from './testing/connect-portal';
import type { NewLink, PortalClient } from './testing/connect-portal';

let test: TestApi;
let portal: PortalClient;
/** Without a way to send mails. */
let mute: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), { DEVELOPMENT_MAILBOX: 'true' });
  portal = connectPortal(test);
  mute = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => Promise.all([test.stop(), mute.stop()]));

interface Mail {
  to: string;
  subject: string;
  text: string;
}

async function mailsTo(address: string): Promise<Mail[]> {
  const answer = await fetch(`${test.ingress.baseUrl}/dashboard/mailbox`);
  const { mails } = (await answer.json()) as { mails: Mail[] };
  return mails.filter(({ to }) => to === address);
}

const codesTo = async (address: string): Promise<string[]> =>
  (await mailsTo(address)).flatMap(({ text }) => /^ {4}(\d{6})$/m.exec(text)?.[1] ?? []);

let people = 0;
/** A link that was mailed to somebody. */
async function mailLink(body: object = {}): Promise<NewLink & { address: string; organizationId: string }> {
  const address = `ann${people++}@acme.test`;
  const organizationId = await test.newOrganization();
  return { ...(await portal.newLink(organizationId, { email: address, ...body })), address, organizationId };
}

const open = <Body = ErrorBody>(token: string, body: object = {}) =>
  portal.call<Body>('POST', '/session', { body: { link_token: token, ...body } });
const sendCode = (token: string, resend = false) =>
  portal.call<ErrorBody & { code: { email: string; resend_time: string | null } }>('POST', '/session/code', {
    body: { link_token: token, resend },
  });

/** Takes the time of the last code back, so that another one may be asked for. */
const waitAMinute = (token: string) =>
  asOwner(
    `UPDATE portal_links SET code_sent_time = code_sent_time - interval '61 s' WHERE token_hash = $1`,
    hashOpaqueToken(token),
  );

const asOwner = (sql: string, ...params: string[]) => runAsAdmin<object>(test.database.adminUrl, [[sql, params]]);

/** All that rows hold, also the text in what is kept as bytes. */
const readable = (rows: object[]): string =>
  rows
    .flatMap((row) => Object.values(row))
    .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
    .join('\n');

describe('a mailed link', () => {
  it('arrives with a link that is good for a week, and answers to whom it was sent', async () => {
    const link = await mailLink();
    const [mail] = await mailsTo(link.address);
    expect(mail?.text).toContain(link.location);
    expect(mail?.subject).toBe('Set up Directory Sync for Acme');
    const days = (Date.parse(link.expire_time) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(7);
  });

  it('opens with nothing but the code that is sent to the same address, in whichever browser', async () => {
    const { token, address } = await mailLink();
    expect(await open(token)).toMatchObject({ status: 403, body: { error: { code: 'code_required' } } });
    const sent = await sendCode(token);
    expect(sent.body.code.email).toBe(`a•••@acme.test`);
    const [code = ''] = await codesTo(address);
    expect((await open(token, { code: `${code.slice(0, 3)} ${code.slice(3)}` })).status).toBe(200);
    expect(await open(token, { code })).toMatchObject({ status: 410, body: { error: { code: 'link_used' } } });
  });

  it('does not open with the code of another link', async () => {
    const [mine, other] = [await mailLink(), await mailLink()];
    await sendCode(mine.token);
    await sendCode(other.token);
    const [code = ''] = await codesTo(other.address);
    // One time in a million both have the same code, and the next one that is sent is another.
    if ((await codesTo(mine.address)).includes(code)) {
      await waitAMinute(mine.token);
      await sendCode(mine.token, true);
    }
    expect(await open(mine.token, { code })).toMatchObject({ status: 403, body: { error: { code: 'code_wrong' } } });
  });

  it('takes no sixth try, not even the right code, also when they come at once', async () => {
    const { token, address } = await mailLink();
    await sendCode(token);
    const [code = ''] = await codesTo(address);
    const wrong = code === '000000' ? '000001' : '000000';
    const answers = await Promise.all(Array.from({ length: 12 }, () => open(token, { code: wrong })));
    const codes = answers.map(({ body }) => body.error.code);
    expect(codes.filter((found) => found === 'code_wrong')).toHaveLength(4);
    expect(codes.filter((found) => found === 'code_expired')).toHaveLength(8);
    expect(await open(token, { code })).toMatchObject({ status: 403, body: { error: { code: 'code_expired' } } });
  });

  it('sends the next code a minute later at the earliest, five in all, and only the last is good', async () => {
    const { token, address } = await mailLink();
    await sendCode(token);
    expect((await sendCode(token)).status).toBe(200);
    expect(await codesTo(address)).toHaveLength(1);
    const soon = await sendCode(token, true);
    expect(soon).toMatchObject({ status: 429, body: { error: { code: 'code_too_soon' } } });
    expect(Number(soon.headers.get('retry-after'))).toBeGreaterThan(0);
    for (let sent = 1; sent < 5; sent += 1) {
      await waitAMinute(token);
      expect((await sendCode(token, true)).status).toBe(200);
    }
    await waitAMinute(token);
    expect(await sendCode(token, true)).toMatchObject({ status: 422, body: { error: { code: 'too_many_codes' } } });
    const [last = '', ...earlier] = await codesTo(address);
    const first = earlier.at(-1) ?? '';
    if (first !== last) expect((await open(token, { code: first })).status).toBe(403);
    expect((await open(token, { code: last })).status).toBe(200);
  });

  it('sends no code once it is revoked', async () => {
    const { token, address, organizationId } = await mailLink();
    await test.api.call('DELETE', `/organizations/${organizationId}/portal_links`);
    expect(await sendCode(token)).toMatchObject({ status: 404, body: { error: { code: 'link_unknown' } } });
    expect(await codesTo(address)).toEqual([]);
  });

  it('is told in the audit log: to whom it was sent, each code, each wrong one, and who opened it', async () => {
    const { token, address, organizationId } = await mailLink();
    await sendCode(token);
    const [code = ''] = await codesTo(address);
    await open(token, { code: code === '111111' ? '111112' : '111111' });
    await open(token, { code });
    const { entries } = (
      await test.api.call<AuditLogAnswer>('GET', `/audit_log?organization_id=${organizationId}&page_size=10`)
    ).body;
    const told = entries.filter(({ action }) => action.startsWith('portal_link.')).toReversed();
    expect(told.map(({ action }) => action)).toEqual([
      'portal_link.created',
      'portal_link.sent',
      'portal_link.code_sent',
      'portal_link.code_refused',
      'portal_link.opened',
    ]);
    for (const action of ['portal_link.sent', 'portal_link.opened']) {
      expect(told.find((entry) => entry.action === action)?.changes).toEqual({ email: { from: null, to: address } });
    }
    expect(JSON.stringify(entries)).not.toContain(code);
  });

  it('keeps no code and no mail in clear', async () => {
    const { token, address } = await mailLink();
    await sendCode(token);
    const [code = ''] = await codesTo(address);
    const links = await asOwner('SELECT code_hash FROM portal_links WHERE email = $1', address);
    const mails = await asOwner('SELECT * FROM mails');
    expect([links.length, mails.length > 0]).toEqual([1, true]);
    expect(readable([...links, ...mails])).not.toContain(code);
    expect(readable(mails)).not.toContain(address);
  });
});

describe('a link that was not mailed', () => {
  it('asks for no code', async () => {
    const { token } = await portal.newLink(await test.newOrganization());
    expect(await sendCode(token)).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
    expect((await open(token)).status).toBe(200);
  });
});

describe('the address of a mail', () => {
  it.each([
    '',
    'nobody',
    'a@b@c',
    'ann@acme.test\nBcc: eve@evil.test',
    'ann@acme.test, eve@evil.test',
    '<a@b.c>',
    'a@.b',
  ])('is refused as "%s"', async (email) => {
    const path = `/organizations/${await test.newOrganization()}/portal_links`;
    expect((await test.api.call('PUT', path, { email })).status).toBe(400);
  });

  it('is refused in words where no mails are sent, and no link is made', async () => {
    const organization = `/organizations/${await mute.newOrganization()}`;
    const refused = await mute.api.call<ErrorBody>('PUT', `${organization}/portal_links`, { email: 'ann@acme.test' });
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'mail_not_configured' } } });
    expect(refused.body.error.message).toContain('SMTP_URL');
    const { links } = (await mute.api.call<{ links: object[] }>('GET', `${organization}/portal_links`)).body;
    expect(links).toEqual([]);
  });
});

describe('the development mailbox', () => {
  it('is not there where there is none, and not for a request from elsewhere', async () => {
    expect((await fetch(`${mute.ingress.baseUrl}/dashboard/mailbox`)).status).toBe(404);
    const forwarded = { 'x-forwarded-for': '203.0.113.7' };
    expect((await fetch(`${test.ingress.baseUrl}/dashboard/mailbox`, { headers: forwarded })).status).toBe(404);
  });

  it('shows a browser what was sent, and takes nothing in it for HTML', async () => {
    await test.api.call('PUT', '/portal_settings', { display_name: '<b>Harborlight</b>' });
    const { location } = await mailLink();
    const answer = await fetch(`${test.ingress.baseUrl}/dashboard/mailbox`, { headers: { accept: 'text/html' } });
    const html = await answer.text();
    expect(html).toContain('&lt;b&gt;Harborlight&lt;/b&gt;');
    expect(html).not.toContain('<b>Harborlight');
    expect(html).toContain(`<a href="${location}">`);
  });
});
