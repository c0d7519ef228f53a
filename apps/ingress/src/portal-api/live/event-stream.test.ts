import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStream } from './event-stream';

const MINUTE = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('a stream that has ended', () => {
  it('is over soon though its reader takes nothing', async () => {
    const onEnd = vi.fn<() => void>();
    const stream = new EventStream(onEnd);
    stream.send('session', '{}');
    stream.end();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('has given all that was sent to a reader who takes it', async () => {
    const onEnd = vi.fn<() => void>();
    const stream = new EventStream(onEnd);
    stream.send('session', '{}');
    stream.end();
    stream.end();
    expect(await text(stream.body)).toBe(': rollcall\n\nevent: session\ndata: {}\n\n');
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(onEnd).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
