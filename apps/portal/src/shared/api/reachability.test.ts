import { afterEach, describe, expect, it } from 'vitest';
import { backOff, noteAnswer, noteSilence, pauseMs, readReachability, watchReachability } from './reachability';

afterEach(() => noteAnswer());

describe('the reachability of the server', () => {
  it('is lost from the first call without an answer to the next with one, and told when it changes', () => {
    const told: string[] = [];
    const stop = watchReachability(() => told.push(readReachability()));
    noteAnswer();
    noteSilence(true);
    noteSilence(true);
    noteSilence(false);
    noteSilence(true);
    noteAnswer();
    expect(told).toEqual(['silent', 'offline', 'silent', 'answers']);
    stop();
    noteSilence(true);
    expect(told).toHaveLength(4);
  });

  it('leaves the pauses as they are while it answers', () => {
    expect(pauseMs(1_500)).toBe(1_500);
  });
});

describe('backOff', () => {
  it('doubles the pauses while nothing is answered, and is bounded', () => {
    const pauses: number[] = [];
    for (let lostForMs = 0; pauses.length < 6; lostForMs += pauses.at(-1) ?? 0) pauses.push(backOff(5_000, lostForMs));
    expect(pauses).toEqual([5_000, 5_000, 10_000, 20_000, 20_000, 20_000]);
  });

  it('never asks more often than usual', () => {
    expect(backOff(60_000, 1)).toBe(60_000);
    expect(backOff(60_000, 3_600_000)).toBe(60_000);
  });
});
