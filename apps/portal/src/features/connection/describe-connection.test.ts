import { describe, expect, it } from 'vitest';
import { describeConnection } from './describe-connection';

const now = new Date('2026-11-21T12:00:00Z');
const active = { status: 'ACTIVE' as const, expire_time: null as string | null };
const connected = { enabled: true, status: 'COMPLETED' as const, total_users: 3, secrets: [active] };

describe('describeConnection', () => {
  it('names the provider that is waited for', () => {
    expect(describeConnection({ ...connected, status: 'IN_PROGRESS' }, 'Okta', now).title).toBe('Waiting for Okta…');
  });

  it('says so when a connected provider has sent nobody', () => {
    expect(describeConnection({ ...connected, total_users: 0 }, 'Okta', now).text).toContain('No users have arrived');
    expect(describeConnection(connected, 'Okta', now).title).toBe('Connected');
  });

  it('never calls a disabled directory connected or waiting', () => {
    for (const status of ['DRAFT', 'IN_PROGRESS', 'COMPLETED'] as const) {
      expect(describeConnection({ ...connected, enabled: false, status }, 'Okta', now).title).toBe('Disabled');
    }
  });

  it('never calls it connected when no token is left, and says what to do', () => {
    for (const status of ['EXPIRED', 'REVOKED'] as const) {
      const description = describeConnection({ ...connected, secrets: [{ ...active, status }] }, 'Okta', now);
      expect(description).toMatchObject({ tone: 'bad', title: 'No active token' });
      expect(description.text).toContain('Generate a new one and paste it into Okta');
    }
  });

  it('says when the last token ends and what to do before', () => {
    const secrets = [
      { ...active, expire_time: '2026-11-23T12:00:00Z' },
      { ...active, expire_time: '2026-11-21T14:00:00Z' },
    ];
    const { title, text } = describeConnection({ ...connected, secrets }, 'Okta', now);
    expect(title).toBe('Token expiring');
    expect(text).toContain('ends in 2 days');
    expect(text).toContain('Regenerate it');
  });
});
