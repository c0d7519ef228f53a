import { expect, it } from 'vitest';
import { chooseSigner } from './choose-signer';

it('signs with a key pair once no process that knows none is served, and for a client that verifies its tokens itself', () => {
  expect(chooseSigner({}, 6)).toBe('secret');
  expect(chooseSigner({ 'x-sdk-version': 'another/1.0' }, 6)).toBe('secret');
  expect(chooseSigner({ 'x-sdk-version': 'Scalekit-Node/2.0.0' }, 6)).toBe('pair');
  expect(chooseSigner({}, 7)).toBe('pair');
});
