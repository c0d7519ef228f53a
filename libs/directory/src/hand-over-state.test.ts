import { expect, it } from 'vitest';
import { handOverState } from './hand-over-state';

const NOW = new Date('2026-11-21T10:00:00Z');
const earlier = new Date('2026-11-21T09:00:00Z');
const later = new Date('2026-11-28T10:00:00Z');
const fresh = { expireTime: later, openedTime: null, tokenShownTime: null, connectedTime: null, revokedTime: null };
const shown = { ...fresh, openedTime: earlier, tokenShownTime: earlier };

it.each([
  ['NOT_OPENED', fresh],
  ['OPENED', { ...fresh, openedTime: earlier }],
  ['TOKEN_SHOWN', shown],
  ['CONNECTED', { ...shown, connectedTime: earlier }],
  ['EXPIRED', { ...fresh, expireTime: NOW }],
  ['EXPIRED', { ...shown, expireTime: earlier }],
  ['REVOKED', { ...fresh, revokedTime: earlier }],
] as const)('is %s', (state, times) => {
  expect(handOverState(times, NOW)).toBe(state);
});

it('stays connected when the link expires, and not when it is revoked', () => {
  const connected = { ...shown, connectedTime: earlier, expireTime: earlier };
  expect(handOverState(connected, NOW)).toBe('CONNECTED');
  expect(handOverState({ ...connected, revokedTime: earlier }, NOW)).toBe('REVOKED');
});
