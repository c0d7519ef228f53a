import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { issueAccessToken, verifyAccessToken } from './issue-access-token';

const claims = { clientId: 'clt_a', environmentId: 'env_a', secretId: '01' };
const now = new Date('2026-11-21T10:00:00Z');
const settings = { keys: [randomBytes(32)] as const, issuer: 'https://rollcall.example', now };

describe('issueAccessToken', () => {
  it('makes a token whose claims verify until it expires', async () => {
    const token = await issueAccessToken(claims, { ...settings, lifetimeSeconds: 60 });
    expect(await verifyAccessToken(token, { ...settings, now: new Date(now.getTime() + 59_000) })).toEqual(claims);
    expect(await verifyAccessToken(token, { ...settings, now: new Date(now.getTime() + 60_000) })).toBeNull();
  });
});

describe('verifyAccessToken', () => {
  it('refuses a token signed with another key', async () => {
    const token = await issueAccessToken(claims, { ...settings, keys: [randomBytes(32)] });
    expect(await verifyAccessToken(token, settings)).toBeNull();
  });

  it('takes a token that was signed with a previous key, while that is listed', async () => {
    const token = await issueAccessToken(claims, settings);
    const newest = randomBytes(32);
    expect(await verifyAccessToken(token, { ...settings, keys: [newest, ...settings.keys] })).toEqual(claims);
    expect(await verifyAccessToken(token, { ...settings, keys: [newest] })).toBeNull();
  });

  it('refuses a token of another issuer', async () => {
    const token = await issueAccessToken(claims, { ...settings, issuer: 'https://other.example' });
    expect(await verifyAccessToken(token, settings)).toBeNull();
  });

  it('refuses an unsigned token', async () => {
    const token = await issueAccessToken(claims, settings);
    const header = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    expect(await verifyAccessToken(`${header}.${token.split('.')[1]}.`, settings)).toBeNull();
  });

  it('refuses a token of another type signed with the same key', async () => {
    const token = await new SignJWT({ client_id: 'clt_a', environment_id: 'env_a' })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(settings.issuer)
      .setAudience(`${settings.issuer}/api/v1`)
      .setSubject('clt_a')
      .setExpirationTime(now.getTime() / 1000 + 60)
      .sign(settings.keys[0]);
    expect(await verifyAccessToken(token, settings)).toBeNull();
  });

  it.each(['', 'a.b.c', 'garbage', 'rc_x'])('refuses %j', async (text) => {
    expect(await verifyAccessToken(text, settings)).toBeNull();
  });
});
