import { describe, expect, it } from 'vitest';
import { describeStatus, directoryTitle, type ConnectionFacts } from './directory-status';

const now = new Date('2026-11-21T12:00:00Z');
const DAY = 86_400_000;
const inDays = (days: number) => new Date(now.getTime() + days * DAY).toISOString();

const active = (expire_time: string | null = null) => ({ status: 'ACTIVE' as const, expire_time });
const revoked = { status: 'REVOKED' as const, expire_time: null };
const expired = { status: 'EXPIRED' as const, expire_time: inDays(-1) };

const directory = (facts: Partial<ConnectionFacts>): ConnectionFacts => ({
  enabled: true,
  status: 'COMPLETED',
  secrets: [active()],
  ...facts,
});

const label = (facts: Partial<ConnectionFacts>, at = now) => describeStatus(directory(facts), at).label;

describe('describeStatus', () => {
  it('says Connected only after a request of the provider', () => {
    expect(label({ status: 'DRAFT', secrets: [] })).toBe('No token yet');
    expect(label({ status: 'IN_PROGRESS' })).toBe('Waiting');
    expect(label({ status: 'COMPLETED' })).toBe('Connected');
  });

  it('never calls a disabled directory connected', () => {
    for (const secrets of [[active()], [], [revoked], [active(inDays(1))]]) {
      expect(describeStatus(directory({ enabled: false, secrets }), now)).toEqual({ tone: 'bad', label: 'Disabled' });
    }
  });

  it.each([
    ['DRAFT', [revoked]],
    ['DRAFT', [expired]],
    ['IN_PROGRESS', [revoked]],
    ['COMPLETED', [revoked, expired]],
    ['COMPLETED', []],
    ['COMPLETED', [active(inDays(-1))]],
    ['COMPLETED', [active(now.toISOString())]],
  ] as const)('says that no token is active: %s with %j', (status, secrets) => {
    expect(describeStatus(directory({ status, secrets }), now)).toEqual({ tone: 'bad', label: 'No active token' });
  });

  it('warns in the last seven days of the token that lives longest', () => {
    expect(label({ secrets: [active(inDays(7.01))] })).toBe('Connected');
    expect(label({ secrets: [active(inDays(7))] })).toBe('Token expiring');
    expect(label({ secrets: [active(inDays(2)), active(inDays(1))] })).toBe('Token expiring');
    expect(label({ secrets: [active(inDays(2)), active(inDays(90))] })).toBe('Connected');
    expect(label({ secrets: [active(inDays(2)), active()] })).toBe('Connected');
    expect(label({ secrets: [active(inDays(2)), revoked] })).toBe('Token expiring');
    expect(label({ status: 'IN_PROGRESS', secrets: [active(inDays(2))] })).toBe('Token expiring');
  });

  it('goes on with the clock while nothing newer is read', () => {
    const secrets = [active(inDays(8))];
    expect(label({ secrets })).toBe('Connected');
    expect(label({ secrets }, new Date(inDays(1)))).toBe('Token expiring');
    expect(label({ secrets }, new Date(inDays(8)))).toBe('No active token');
  });
});

describe('directoryTitle', () => {
  it('falls back to the provider when a directory has no name', () => {
    expect(directoryTitle({ name: ' ', directory_provider: 'MICROSOFT_AD' })).toBe('Microsoft Entra ID');
    expect(directoryTitle({ name: '\u200b\u202e', directory_provider: 'OKTA' })).toBe('Okta');
    expect(directoryTitle({ name: 'Staff', directory_provider: 'OKTA' })).toBe('Staff');
  });
});
