import type { Directory } from '@rollcall/sdk';
import { describe, expect, it } from 'vitest';
import { directoryPollMs } from './queries';

const directory = { enabled: true, status: 'IN_PROGRESS' } as Directory;

describe('directoryPollMs', () => {
  it('watches closely only while the first request is waited for', () => {
    const waiting = directoryPollMs(directory);
    expect(waiting).toBe(1_500);
    for (const other of [undefined, { ...directory, status: 'COMPLETED' as const }, { ...directory, enabled: false }]) {
      expect(directoryPollMs(other)).toBeGreaterThan(waiting);
    }
  });
});
