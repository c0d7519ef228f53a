import { describe, expect, it } from 'vitest';
import { liveSecrets, secretStatusAt } from './secret-life';

const now = new Date('2026-11-21T12:00:00Z');
const SOON = '2026-11-21T12:00:01Z';
const active = (expire_time: string | null = null) => ({ status: 'ACTIVE' as const, expire_time });

describe('secretStatusAt', () => {
  it('believes the server, and the clock from the end on', () => {
    expect(secretStatusAt(active(), now)).toBe('ACTIVE');
    expect(secretStatusAt(active(SOON), now)).toBe('ACTIVE');
    expect(secretStatusAt(active(SOON), new Date(SOON))).toBe('EXPIRED');
    expect(secretStatusAt({ status: 'EXPIRED', expire_time: SOON }, now)).toBe('EXPIRED');
    expect(secretStatusAt({ status: 'REVOKED', expire_time: SOON }, new Date(SOON))).toBe('REVOKED');
  });
});

describe('liveSecrets', () => {
  it('leaves out what is not accepted any more', () => {
    const secrets = [active(), active(SOON), { status: 'REVOKED' as const, expire_time: null }];
    expect(liveSecrets(secrets, now)).toEqual([active(), active(SOON)]);
    expect(liveSecrets(secrets, new Date(SOON))).toEqual([active()]);
  });
});
