import { describe, expect, it } from 'vitest';
import { sessionPhase } from './session-phase';

const MINUTE = 60_000;

describe('sessionPhase', () => {
  it('is silent until fifteen minutes are left', () => {
    expect(sessionPhase(15 * MINUTE + 1)).toEqual({
      isEnding: false,
      isLast: false,
      isOver: false,
      announcement: null,
    });
    expect(sessionPhase(15 * MINUTE).isEnding).toBe(true);
  });

  it('speaks three times, not every second', () => {
    const spoken = new Set<string | null>();
    for (let remaining = 20 * MINUTE; remaining > 0; remaining -= 1_000)
      spoken.add(sessionPhase(remaining).announcement);
    spoken.delete(null);
    expect(spoken.size).toBe(3);
  });

  it('warns the page around it for the last five', () => {
    expect(sessionPhase(5 * MINUTE + 1).isLast).toBe(false);
    expect(sessionPhase(5 * MINUTE).isLast).toBe(true);
    expect(sessionPhase(0).isLast).toBe(false);
  });

  it('is over at zero', () => {
    expect(sessionPhase(1).isOver).toBe(false);
    expect(sessionPhase(0)).toMatchObject({ isOver: true, announcement: null });
  });
});
