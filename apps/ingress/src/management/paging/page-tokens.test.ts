import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createOpaqueTokens } from './page-tokens';

const tokens = createOpaqueTokens([randomBytes(32)]);

describe('opaque tokens', () => {
  it('come back as they were made', () => {
    const position = { direction: 'next', keys: ['01hzy'] };
    expect(tokens.decode(tokens.encode(position, 'users:a'), 'users:a')).toEqual(position);
  });

  it('work for no other list', () => {
    expect(tokens.decode(tokens.encode({ a: 1 }, 'users:a'), 'users:b')).toBeNull();
  });

  it('made with a previous key are read while that is listed', () => {
    const [previous, newest] = [randomBytes(32), randomBytes(32)];
    const token = createOpaqueTokens([previous]).encode({ a: 1 }, 's');
    expect(createOpaqueTokens([newest, previous]).decode(token, 's')).toEqual({ a: 1 });
    expect(createOpaqueTokens([newest]).decode(token, 's')).toBeNull();
    expect(createOpaqueTokens([newest]).decode(createOpaqueTokens([newest, previous]).encode(1, 's'), 's')).toBe(1);
  });

  it('of another server, cut or changed are refused', () => {
    const token = tokens.encode({ keys: ['x'] }, 's');
    expect(createOpaqueTokens([randomBytes(32)]).decode(token, 's')).toBeNull();
    expect(tokens.decode(token.slice(0, -2), 's')).toBeNull();
    expect(tokens.decode(`${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`, 's')).toBeNull();
    for (const garbage of ['', 'x', '!!!', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAA']) {
      expect(tokens.decode(garbage, 's')).toBeNull();
    }
  });
});
