import { HEALTH_STATES } from '@rollcall/contract';
import { describe, expect, it } from 'vitest';
import { describeStatus, directoryTitle } from './directory-status';

describe('describeStatus', () => {
  it('has the words for every state of the server’s model', () => {
    expect(HEALTH_STATES.map((state) => describeStatus(state).label)).toEqual([
      'Waiting',
      'Connected',
      'Refused',
      'Stalled',
      'Token expiring',
      'No active token',
      'Disabled',
      'Feature off',
    ]);
  });

  it('calls good only what is connected', () => {
    expect(HEALTH_STATES.filter((state) => describeStatus(state).tone === 'good')).toEqual(['connected']);
  });
});

describe('directoryTitle', () => {
  it('falls back to the provider when a directory has no name', () => {
    expect(directoryTitle({ name: ' ', directory_provider: 'MICROSOFT_AD' })).toBe('Microsoft Entra ID');
    expect(directoryTitle({ name: '\u200b\u202e', directory_provider: 'OKTA' })).toBe('Okta');
    expect(directoryTitle({ name: 'Staff', directory_provider: 'OKTA' })).toBe('Staff');
  });
});
