import { describe, expect, it } from 'vitest';
import { restOfOwner } from './rest-of-owner';

/** A turn that took as long as it takes. */
const turn = (owner: string, ms: number, atMs: number) => ({ owner, workMs: ms, tookMs: ms, atMs });

/** What each of two owners does in a second, said turn by turn; the rests that the first one is given. */
function rests({ heavyMs, lightMs, seconds }: { heavyMs: number; lightMs: number; seconds: number }): number[] {
  const restAfter = restOfOwner();
  const given: number[] = [];
  for (let at = 0; at < seconds * 1_000; at += 100) {
    if (lightMs > 0) expect(restAfter(turn('light', lightMs, at))).toBe(0);
    given.push(restAfter(turn('heavy', heavyMs, at + 50)));
  }
  return given;
}

describe('an owner', () => {
  it('does not rest while it is alone, however much it works', () => {
    expect(rests({ heavyMs: 100, lightMs: 0, seconds: 10 }).every((rest) => rest === 0)).toBe(true);
  });

  it('rests three times as long as it worked while it works more than all others', () => {
    const given = rests({ heavyMs: 90, lightMs: 10, seconds: 10 });
    expect(given.slice(1).every((rest) => rest === 270)).toBe(true);
  });

  it('rests no longer than a second at a time', () => {
    expect(rests({ heavyMs: 60_000, lightMs: 10, seconds: 1 }).at(-1)).toBe(1_000);
  });

  it('does not count as more work because the machine is busy', () => {
    const restAfter = restOfOwner();
    for (let at = 0; at < 5_000; at += 100) {
      restAfter({ owner: 'slowed', workMs: 2, tookMs: 90, atMs: at });
      expect(restAfter({ owner: 'heavy', workMs: 20, tookMs: 60, atMs: at + 50 })).toBe(180);
    }
  });

  it('works on again when the others have been away for a while', () => {
    const restAfter = restOfOwner();
    restAfter(turn('light', 100, 0));
    expect(restAfter(turn('heavy', 500, 500))).toBeGreaterThan(0);
    expect(restAfter(turn('heavy', 500, 10_000))).toBe(0);
  });

  it('does not rest for being one of many that all work', () => {
    const restAfter = restOfOwner();
    const owners = Array.from({ length: 1_000 }, (_, n) => `owner ${n}`);
    const given = Array.from({ length: 20 }, (_, round) =>
      owners.map((owner, n) => restAfter(turn(owner, 20, round * 100 + n * 0.1))),
    );
    expect(
      given
        .slice(1)
        .flat()
        .every((rest) => rest === 0),
    ).toBe(true);
  });
});
