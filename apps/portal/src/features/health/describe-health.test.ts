import type { Directory, DirectoryHealth, DirectoryRefusal, DirectorySecret } from '@rollcall/sdk';
import { HEALTH_STATES } from '@rollcall/contract';
import { describe, expect, it } from 'vitest';
import { describeAttention, describeHealth, describeMissingMembers, describeRefused } from './describe-health';

const now = new Date('2026-11-21T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

const health = (given: Partial<DirectoryHealth> = {}): DirectoryHealth => ({
  state: 'connected',
  reason: null,
  since: ago(60),
  expire_time: null,
  refused: null,
  attention: [],
  ...given,
});

const setup = (given: Partial<Directory['setup']> = {}): Directory['setup'] => ({
  first_request_time: ago(30),
  first_user_time: ago(20),
  first_group_time: ago(10),
  first_member_time: null,
  first_role_time: null,
  first_deactivation_time: null,
  ...given,
});

const inDays = (days: number) => ago(-days * 24 * 60);

const secret = (expire_time: string | null, status: DirectorySecret['status'] = 'ACTIVE'): DirectorySecret => ({
  id: 'sec_1',
  directory_id: 'dir_1',
  secret_suffix: 'abcd',
  name: null,
  status,
  create_time: ago(600),
  expire_time,
  replaced_time: null,
  retire_when_seen: false,
  last_used_time: null,
});

const directory = (given: Partial<DirectoryHealth> = {}, provider: Directory['directory_provider'] = 'OKTA') => ({
  directory_provider: provider,
  health: health(given),
  total_users: 3,
  secrets: [secret(inDays(2))],
  setup: setup(),
});

const refusal = (given: Partial<DirectoryRefusal> = {}): DirectoryRefusal => ({
  reason: 'invalid_token',
  status: 401,
  scim_type: null,
  count: 3,
  first_time: ago(10),
  last_time: ago(2),
  ...given,
});

describe('describeHealth', () => {
  it('says for every state what it means, and for all but a healthy one what to do', () => {
    for (const state of HEALTH_STATES) {
      const { meaning, advice } = describeHealth(directory({ state, reason: 'Why.' }), 'Okta', now);
      expect([state, meaning]).not.toEqual([state, '']);
      expect([state, advice === '']).toEqual([state, state === 'connected']);
    }
  });

  it('says which kind of token is refused', () => {
    const meaning = (reason: DirectoryRefusal['reason']) =>
      describeHealth(directory({ state: 'refused', refused: refusal({ reason }) }), 'Okta', now).meaning;
    expect(meaning('invalid_token')).toBe('Okta sends a token that is not valid here.');
    expect(meaning('expired')).toBe('Okta sends a token that has expired.');
    expect(meaning('revoked')).toBe('Okta sends a token that was revoked.');
  });

  it('says how often, and when last', () => {
    expect(describeRefused(refusal(), now)).toBe('3 requests refused, the last 2 minutes ago.');
  });

  it('says when the token ends that ends soon, and which it is', () => {
    const ending = directory({ state: 'token_expiring', expire_time: inDays(2) });
    const meaning = (secrets: DirectorySecret[]) => describeHealth({ ...ending, secrets }, 'Okta', now).meaning;
    expect(meaning([secret(inDays(2)), secret(inDays(9), 'REVOKED')])).toBe(
      'The last token that is accepted ends soon. It ends in 2 days.',
    );
    for (const newer of [null, inDays(9)]) {
      expect(meaning([secret(newer), secret(inDays(2))])).toContain('the newer one has not been used yet');
    }
  });

  it('says whether there was a token before there was none', () => {
    const without = directory({ state: 'no_active_token' });
    expect(describeHealth({ ...without, secrets: [] }, 'Okta', now).meaning).toContain('No token has been generated');
    expect(describeHealth(without, 'Okta', now).meaning).toContain('has expired or was revoked');
  });

  it('says of no state what the server says of it in English', () => {
    for (const state of HEALTH_STATES) {
      expect(describeHealth(directory({ state, reason: 'Why.' }), 'Okta', now).meaning).not.toContain('Why.');
    }
  });

  it('says when a connected provider has sent nobody', () => {
    expect(describeHealth({ ...directory(), total_users: 0 }, 'Okta', now).advice).toContain(
      'No users have arrived yet',
    );
  });

  it('knows what to look for in a provider that is silent', () => {
    expect(describeHealth(directory({ state: 'stalled' }, 'MICROSOFT_AD'), 'Entra ID', now).advice).toContain(
      'quarantine',
    );
    expect(describeHealth(directory({ state: 'stalled' }, 'RIPPLING'), 'Rippling', now).advice).toContain('Rippling');
  });
});

describe('describeAttention', () => {
  it('has a meaning for whatever was refused', () => {
    for (const reason of ['conflict', 'rate_limited', 'invalid_request', 'disabled', 'feature_off'] as const) {
      expect(describeAttention(refusal({ reason }), 'Okta').meaning).toContain('3 requests of Okta');
    }
  });
});

describe('describeMissingMembers', () => {
  const missing = (
    given: Partial<Directory['setup']> = {},
    directory_provider: Directory['directory_provider'] = 'OKTA',
  ) => describeMissingMembers({ directory_provider, setup: setup(given) }, 'Okta', now);

  it('tells that users and groups have come and no members, and for Okta the usual cause', () => {
    expect(missing()?.advice).toContain('doesn’t support using the same group');
    expect(missing({}, 'JUMPCLOUD')?.advice).not.toContain('same group');
  });

  it('says nothing while they may still come, and when they have', () => {
    expect(missing({ first_group_time: ago(1) })).toBeNull();
    expect(missing({ first_user_time: null })).toBeNull();
    expect(missing({ first_group_time: null })).toBeNull();
    expect(missing({ first_member_time: ago(1) })).toBeNull();
  });
});
