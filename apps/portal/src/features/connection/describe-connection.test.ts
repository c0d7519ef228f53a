import { describe, expect, it } from 'vitest';
import { describeConnection } from './describe-connection';

describe('describeConnection', () => {
  it('names the provider that is waited for', () => {
    expect(describeConnection({ enabled: true, status: 'IN_PROGRESS', total_users: 0 }, 'Okta').title).toBe(
      'Waiting for Okta…',
    );
  });

  it('says so when a connected provider has sent nobody', () => {
    expect(describeConnection({ enabled: true, status: 'COMPLETED', total_users: 0 }, 'Okta').text).toContain(
      'No users have arrived',
    );
    expect(describeConnection({ enabled: true, status: 'COMPLETED', total_users: 3 }, 'Okta').title).toBe('Connected');
  });

  it('never calls a disabled directory connected or waiting', () => {
    for (const status of ['DRAFT', 'IN_PROGRESS', 'COMPLETED'] as const) {
      expect(describeConnection({ enabled: false, status, total_users: 3 }, 'Okta').title).toBe('Disabled');
    }
  });
});
