import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimedSecretId, issueToken, parseToken, tokenSuffix } from './issue-token';
import { newId } from './new-id';

describe('issueToken', () => {
  it('makes 40 to 128 characters that a bearer header and every identity provider takes', () => {
    const token = issueToken(newId());
    expect(token).toMatch(/^[A-Za-z0-9_.-]{40,128}$/);
    expect(token).toHaveLength(69);
    expect(tokenSuffix(token)).toHaveLength(4);
  });

  it('carries the secret id', () => {
    const id = newId();
    expect(parseToken(issueToken(id))).toEqual({ secretId: id });
    expect(parseToken(issueToken(id, undefined, 'rcs'), 'rcs')).toEqual({ secretId: id });
  });

  it('never makes the same token twice for one secret', () => {
    const id = newId();
    expect(new Set(Array.from({ length: 100 }, () => issueToken(id))).size).toBe(100);
  });

  it('refuses too little randomness', () => {
    expect(() => issueToken(newId(), new Uint8Array(19))).toThrow(TypeError);
  });
});

describe('claimedSecretId', () => {
  it('reads the id of a token with a wrong checksum too, but of nothing that has another form or tag', () => {
    const id = newId();
    const token = issueToken(id);
    expect(claimedSecretId(token)).toBe(id);
    expect(claimedSecretId(`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`)).toBe(id);
    expect(claimedSecretId(token, 'rcs')).toBeNull();
    expect(claimedSecretId(token.slice(1))).toBeNull();
    expect(claimedSecretId(`${token}0`)).toBeNull();
  });
});

describe('parseToken', () => {
  it('refuses a token in which any one character was changed', () => {
    fc.assert(
      fc.property(fc.nat(68), fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz_X'.split('')), (at, char) => {
        const token = issueToken('01aryz6s41tsv4rrffq69g5fav', new Uint8Array(20).fill(7));
        fc.pre(token[at] !== char);
        expect(parseToken(token.slice(0, at) + char + token.slice(at + 1))).toBeNull();
      }),
    );
  });

  it('refuses a token of the other kind', () => {
    expect(parseToken(issueToken(newId(), undefined, 'rcs'))).toBeNull();
    expect(parseToken(issueToken(newId()), 'rcs')).toBeNull();
  });

  it('refuses any other text', () => {
    fc.assert(fc.property(fc.string(), (text) => parseToken(text) === null));
  });
});
