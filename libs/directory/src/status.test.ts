import { expect, it } from 'vitest';
import { directoryStatus } from './directory-status';
import { secretStatus } from './secret-status';

const now = new Date('2026-01-01T00:00:00Z');
const before = new Date(now.getTime() - 1);
const after = new Date(now.getTime() + 1);

it.each([
  [null, null, 'ACTIVE'],
  [null, after, 'ACTIVE'],
  [null, now, 'EXPIRED'],
  [before, after, 'REVOKED'],
  [before, before, 'REVOKED'],
] as const)('a secret revoked at %s that expires at %s is %s', (revokedTime, expireTime, status) => {
  expect(secretStatus({ revokedTime, expireTime }, now)).toBe(status);
});

it.each([
  [null, false, 'DRAFT'],
  [null, true, 'IN_PROGRESS'],
  [before, true, 'COMPLETED'],
  [before, false, 'COMPLETED'],
] as const)('a directory first asked at %s, with a live secret: %s, is %s', (firstRequest, hasLiveSecret, status) => {
  expect(directoryStatus(firstRequest, hasLiveSecret)).toBe(status);
});
