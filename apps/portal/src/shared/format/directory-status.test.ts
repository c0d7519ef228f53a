import { describe, expect, it } from 'vitest';
import { describeStatus, directoryTitle } from './directory-status';

describe('describeStatus', () => {
  it('says Connected only after a request of the provider', () => {
    expect(describeStatus({ enabled: true, status: 'DRAFT' }).label).toBe('No token yet');
    expect(describeStatus({ enabled: true, status: 'IN_PROGRESS' }).label).toBe('Waiting');
    expect(describeStatus({ enabled: true, status: 'COMPLETED' }).label).toBe('Connected');
  });

  it('never calls a disabled directory connected', () => {
    expect(describeStatus({ enabled: false, status: 'COMPLETED' })).toEqual({ tone: 'bad', label: 'Disabled' });
  });
});

describe('directoryTitle', () => {
  it('falls back to the provider when a directory has no name', () => {
    expect(directoryTitle({ name: ' ', directory_provider: 'MICROSOFT_AD' })).toBe('Microsoft Entra ID');
    expect(directoryTitle({ name: 'Staff', directory_provider: 'OKTA' })).toBe('Staff');
  });
});
