import { describe, expect, it } from 'vitest';
import { liveSecrets, rotateWebhookSecret } from './rotate-webhook-secret';

const now = new Date('2026-11-21T10:00:00Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const current = { id: 'current', createTime: at(-100), expireTime: null };
const old = { id: 'old', createTime: at(-200), expireTime: at(50) };
const older = { id: 'older', createTime: at(-300), expireTime: at(20) };
const expired = { id: 'expired', createTime: at(-400), expireTime: now };

describe('liveSecrets', () => {
  it('gives those that still sign, newest first', () => {
    expect(liveSecrets([expired, older, current, old], now)).toEqual([current, old, older]);
  });
});

describe('rotateWebhookSecret', () => {
  it('keeps the current secret signing for the overlap', () => {
    expect(rotateWebhookSecret([current], 60, now)).toEqual({
      kind: 'rotate',
      expire: [{ id: 'current', expireTime: at(60) }],
    });
  });

  it('never prolongs a secret that already expires', () => {
    expect(rotateWebhookSecret([current, old], 60, now)).toEqual({
      kind: 'rotate',
      expire: [
        { id: 'current', expireTime: at(60) },
        { id: 'old', expireTime: at(50) },
      ],
    });
  });

  it('stops every other secret at once with an overlap of 0, three live ones included', () => {
    expect(rotateWebhookSecret([current, old, older], 0, now)).toEqual({
      kind: 'rotate',
      expire: ['current', 'old', 'older'].map((id) => ({ id, expireTime: now })),
    });
  });

  it('refuses a fourth live secret and says when there is room', () => {
    expect(rotateWebhookSecret([current, old, older], 60, now)).toEqual({
      kind: 'too-many-live-secrets',
      retryAt: at(20),
    });
  });

  it('leaves expired secrets alone', () => {
    expect(rotateWebhookSecret([expired], 60, now)).toEqual({ kind: 'rotate', expire: [] });
  });
});
