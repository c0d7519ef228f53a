import { randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { accessTokenKeys } from './access-token-keys';
import { issueAccessToken, verifyAccessToken } from './issue-access-token';

const claims = { clientId: 'clt_a', environmentId: 'env_a', secretId: '01' };
const now = new Date('2026-11-21T10:00:00Z');
const secretKey = randomBytes(32);
const settings = { keys: accessTokenKeys({ secretKey }), issuer: 'https://rollcall.example', now };
const others = () => accessTokenKeys({ secretKey: randomBytes(32) });

/** A token of the release before, or one that pretends to be. */
const signSymmetric = (key: Uint8Array, typ = 'at+jwt') =>
  new SignJWT({ client_id: 'clt_a', environment_id: 'env_a', secret_id: '01' })
    .setProtectedHeader({ alg: 'HS256', typ })
    .setIssuer(settings.issuer)
    .setAudience(`${settings.issuer}/api/v1`)
    .setSubject('clt_a')
    .setExpirationTime(now.getTime() / 1000 + 60)
    .sign(key);

describe('issueAccessToken', () => {
  it('makes a token whose claims verify until it expires', async () => {
    const token = await issueAccessToken(claims, { ...settings, lifetimeSeconds: 60 });
    expect(await verifyAccessToken(token, { ...settings, now: new Date(now.getTime() + 59_000) })).toEqual(claims);
    expect(await verifyAccessToken(token, { ...settings, now: new Date(now.getTime() + 60_000) })).toBeNull();
  });

  it('makes a token that anybody can verify with the published keys, in every process of an installation', async () => {
    const token = await issueAccessToken(claims, settings);
    const keys = accessTokenKeys({ secretKey: randomBytes(32), previousSecretKeys: [secretKey] }).pairs;
    const published = createLocalJWKSet({ keys: keys.map((pair) => pair.published) });
    expect((await jwtVerify(token, published, { currentDate: now })).payload).toMatchObject({ client_id: 'clt_a' });
    for (const { published: key } of keys) expect(await calculateJwkThumbprint(key)).toBe(key.kid);
    expect(JSON.stringify(keys[0].published)).not.toContain('"d"');
  });
});

describe('verifyAccessToken', () => {
  it('takes a token that was signed with the secret, as the release before does', async () => {
    const token = await issueAccessToken(claims, { ...settings, signer: 'secret' });
    expect(await verifyAccessToken(token, settings)).toEqual(claims);
    expect(await verifyAccessToken(token, { ...settings, keys: others() })).toBeNull();
    const known = { algorithms: ['HS256'], typ: 'at+jwt', currentDate: now };
    expect((await jwtVerify(token, settings.keys.secrets[0], known)).payload).toMatchObject({ client_id: 'clt_a' });
  });

  it('refuses a token signed with another key', async () => {
    const token = await issueAccessToken(claims, { ...settings, keys: others() });
    expect(await verifyAccessToken(token, settings)).toBeNull();
  });

  it('takes a token that was signed with a previous key, while that is listed', async () => {
    const token = await issueAccessToken(claims, settings);
    const newest = randomBytes(32);
    const both = accessTokenKeys({ secretKey: newest, previousSecretKeys: [secretKey] });
    expect(await verifyAccessToken(token, { ...settings, keys: both })).toEqual(claims);
    expect(await verifyAccessToken(token, { ...settings, keys: accessTokenKeys({ secretKey: newest }) })).toBeNull();
  });

  it('takes a token that the release before signed', async () => {
    expect(await verifyAccessToken(await signSymmetric(settings.keys.secrets[0]), settings)).toEqual(claims);
    expect(await verifyAccessToken(await signSymmetric(others().secrets[0]), settings)).toBeNull();
  });

  it('refuses a token that was signed with the published key as if it were a secret', async () => {
    const [{ publicKey, published }] = settings.keys.pairs;
    for (const known of [publicKey.export({ type: 'spki', format: 'pem' }), JSON.stringify(published)]) {
      expect(await verifyAccessToken(await signSymmetric(Buffer.from(known)), settings)).toBeNull();
    }
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
    const token = await signSymmetric(settings.keys.secrets[0], 'JWT');
    expect(await verifyAccessToken(token, settings)).toBeNull();
  });

  it.each(['', 'a.b.c', 'garbage', 'rc_x'])('refuses %j', async (text) => {
    expect(await verifyAccessToken(text, settings)).toBeNull();
  });
});
