import { expect, it } from 'vitest';
import { hashOpaqueToken, newOpaqueToken } from './hash-opaque-token';

it('makes tokens of 256 random bits that fit a URL fragment and a cookie', () => {
  const tokens = Array.from({ length: 100 }, () => newOpaqueToken());
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

it('stores SHA-256 and not the token', () => {
  expect(hashOpaqueToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('refuses too little randomness', () => {
  expect(() => newOpaqueToken(new Uint8Array(16))).toThrow(TypeError);
});
