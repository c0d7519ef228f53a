import { afterEach, describe, expect, it } from 'vitest';
import { noteAnswer, noteSilence, readReachability, watchReachability } from './reachability';

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
});
