import { expect, it } from 'vitest';
import { refuseReplacing } from './refuse-replacing';

it('lets a secret that is in use be replaced', () => {
  expect(() => refuseReplacing('ACTIVE', false)).not.toThrow();
});

it.each([
  ['ACTIVE', true, 'regenerated already'],
  ['REVOKED', true, 'regenerated already'],
  ['EXPIRED', true, 'regenerated already'],
  ['REVOKED', false, 'is revoked'],
  ['EXPIRED', false, 'has expired'],
] as const)('refuses one that is %s, replaced: %s, and says that it %s', (status, isReplaced, text) => {
  expect(() => refuseReplacing(status, isReplaced)).toThrow(
    expect.objectContaining({
      kind: 'conflict',
      code: 'secret_not_replaceable',
      message: expect.stringContaining(text) as string,
    }),
  );
});
