import { describe, expect, it } from 'vitest';
import { HEALTHY } from './record-attempt';
import { reduceHealth } from './reduce-health';

const at = (second: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, second));

describe('reduceHealth', () => {
  it('counts the attempts in their order and keeps the signals of each', () => {
    const failures = Array.from({ length: 21 }, (_, second) => ({ succeeded: false, at: at(second) }));
    const { health, signals } = reduceHealth(HEALTHY, [...failures, { succeeded: true, at: at(30) }]);
    expect(signals.map(({ kind }) => kind)).toEqual(['breaker-opened', 'breaker-closed', 'recovered']);
    expect(health).toEqual(HEALTHY);
  });

  it('leaves the health as it is when nothing was attempted', () => {
    expect(reduceHealth(HEALTHY, [])).toEqual({ health: HEALTHY, signals: [] });
  });
});
